using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class ReferenceFileErrorConfiguration : IEntityTypeConfiguration<ReferenceFileError>
{
    public void Configure(EntityTypeBuilder<ReferenceFileError> builder)
    {
        builder.ToTable("reference_file_errors");
        builder.HasKey(error => new { error.Kind, error.FileName, error.Line });
    }
}
