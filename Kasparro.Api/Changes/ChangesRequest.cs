using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Changes;

/// <summary>The parameters of <c>/changes</c> for the OpenAPI document. <see cref="ChangesQuery"/> reads them.</summary>
internal sealed record ChangesParameters(
    [property: FromQuery(Name = ChangesQuery.SinceName), Description("The catalogue version that you have; 0 before the first."), Range(0, int.MaxValue)] long Since,
    [property: FromQuery(Name = ChangesQuery.LimitName), Description("Assets a page. A version is never split: a large one may bring more."), Range(1, ChangesQuery.MaxLimit)]
    int Limit = ChangesQuery.DefaultLimit);
