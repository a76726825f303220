using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>
/// <c>docs/configuration.md</c> and README's table, compared with the option classes: every setting is listed, none is made up, and no
/// default is out of date.
/// </summary>
public sealed partial class ConfigurationReferenceTests
{
    private const string Reference = "docs/configuration.md";

    private static readonly Assembly[] Services =
        [typeof(Kasparro.Api.ApiOptions).Assembly, typeof(Kasparro.Ingestion.Runs.IngestionOptions).Assembly,
            typeof(Kasparro.ServiceDefaults.Lifecycle.GracefulShutdownOptions).Assembly];

    private static readonly IReadOnlyList<Section> Sections =
    [
        .. Services.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsClass: true } && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(type => (Type: type, Name: type.GetField("Section") ?? type.GetField("SectionName")))
            .Where(found => found.Name is not null)
            .Select(found => new Section(found.Type, (string)found.Name!.GetRawConstantValue()!))
            .OrderBy(section => section.Name, StringComparer.Ordinal),
    ];

    // Read by something other than an option class.
    private static readonly string[] Others =
    [
        "Operator__Key", "Operator__PreviousKey", "Operator__KeyDirectory", "Database__ApiPassword", "Metrics__Port",
        "Upstreams__Kind", "ConnectionStrings__kasparro", "ConnectionStrings__cache",
        .. AddParameter().Matches(RepositoryFiles.Text("Kasparro.AppHost/AppHost.cs"))
            .Select(match => $"Parameters__{match.Groups["name"].Value.Replace('-', '_')}"),
    ];

    [Fact]
    public void Reference_has_every_setting_with_its_default_and_range()
    {
        var text = RepositoryFiles.Text(Reference);
        var expected = text[..text.IndexOf("\n## ", StringComparison.Ordinal)] + Describe();

        // The expected text, ready to be copied.
        var copy = RepositoryFiles.At("TestResults/configuration.md");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.WriteAllText(copy, expected);

        Assert.True(text == expected, $"The option classes have changed: cp TestResults/configuration.md {Reference}");
    }

    [Fact]
    public void Readmes_table_names_settings_that_exist_with_the_defaults_that_they_have()
    {
        var known = Sections.SelectMany(section => section.Settings).ToDictionary(setting => setting.Variable, StringComparer.Ordinal);
        var rows = Row().Matches(RepositoryFiles.Text("README.md")).ToList();
        Assert.NotEmpty(rows);

        foreach (var row in rows)
        {
            var names = Code().Matches(row.Groups["names"].Value).Select(name => name.Groups["text"].Value).ToList();
            var defaults = row.Groups["default"].Value.Split(',', StringSplitOptions.TrimEntries).Select(value => value.Trim('`')).ToList();
            Assert.All(names,
                name => Assert.True(known.ContainsKey(name) || Others.Contains(name, StringComparer.Ordinal), $"{name}: nothing reads it"));
            for (var i = 0; i < names.Count; i++)
            {
                if (known.TryGetValue(names[i], out var setting) && setting.Default.Length > 0)
                {
                    Assert.Equal($"{names[i]}: {setting.Default}", $"{names[i]}: {(defaults.Count == 1 ? defaults[0] : defaults[i])}");
                }
            }
        }
    }

    [Fact]
    public void Documents_name_no_setting_that_nothing_reads()
    {
        var known = Sections.SelectMany(section => section.Settings).Select(setting => setting.Variable).Concat(Others)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var document in (ReadOnlySpan<string>)["README.md", "docs/operations.md"])
        {
            var names = Variable().Matches(RepositoryFiles.Text(document)).Select(match => match.Value).Distinct(StringComparer.Ordinal);
            Assert.All(names, name => Assert.True(known.Contains(name), $"{document} names {name}, which nothing reads"));
        }
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var section in Sections.GroupBy(section => section.Name, StringComparer.Ordinal)) // Several classes may read one section.
        {
            text.Append("\n## ").Append(section.Key).Append("\n| variable | default | from, to | |\n|---|---|---|---|\n");
            foreach (var setting in section.SelectMany(part => part.Settings).OrderBy(setting => setting.Variable, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"| `{setting.Variable}` | {(setting.Default.Length > 0 ? $"`{setting.Default}`" : "none")} | {setting.Bounds} | "
                        + $"{setting.Meaning} |\n");
            }
        }

        return text.ToString();
    }

    [GeneratedRegex("AddParameter\\(\"(?<name>[a-z-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AddParameter();

    [GeneratedRegex(
        @"^\| (?<names>`[A-Za-z]+__[^|]*) \| (?<default>[^|]*) \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(
        "(?<=`)(Api|Database|Ingestion|Logos|Sources|Retention|Identity|SchemaDrift|Operator|Upstreams|Parameters)(__[A-Za-z_]+)+(?=[`=])",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    /// <summary>An option class.</summary>
    private sealed class Section(Type type, string name)
    {
        public string Name => name;

        public IEnumerable<Setting> Settings
        {
            get
            {
                var defaults = Activator.CreateInstance(type, nonPublic: true)!;
                return type.GetProperties()
                    .Where(property =>
                        property.SetMethod is { IsPublic: true } || typeof(IDictionary).IsAssignableFrom(property.PropertyType))
                    .OrderBy(property => property.Name, StringComparer.Ordinal)
                    .Select(property =>
                        new Setting($"{name}:{property.Name}".Replace(":", "__", StringComparison.Ordinal), property,
                            property.GetValue(defaults)));
            }
        }
    }

    /// <summary>A property of an option class.</summary>
    private sealed class Setting(string variable, PropertyInfo property, object? value)
    {
        public string Variable { get; } = typeof(IDictionary).IsAssignableFrom(property.PropertyType) ? $"{variable}__…" : variable;

        public string Default => value switch
        {
            bool flag => flag ? "true" : "false",
            TimeSpan { Ticks: var ticks } time when ticks % TimeSpan.TicksPerSecond != 0 =>
                time.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'),
            IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
            IDictionary or null => "",
            _ => value.ToString()!,
        };

        public string Bounds => property.GetCustomAttribute<RangeAttribute>(
            inherit: true) is { } range ? $"`{Shown(range.Minimum)}`, `{Shown(range.Maximum)}`"
            : (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsEnum: true } choices ? string.Join(
                ", ", Enum.GetNames(choices).Select(choice => $"`{choice}`"))
            : "";

        public string Meaning
        {
            get
            {
                var root = property.GetMethod!.GetBaseDefinition().DeclaringType!;
                var member = Documentation.Value.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");
                var summary = member?.Element("summary") ?? Documentation.Value[$"P:{root.FullName}.{property.Name}"].Element("summary");
                return Spaces().Replace(string.Concat(summary!.Nodes().Select(Text)), " ").Trim()
                    .Replace("|", @"\|", StringComparison.Ordinal);
            }
        }

        private static readonly Lazy<Dictionary<string, XElement>> Documentation = new(() => Services
            .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
            .Where(member => member.Attribute("name")!.Value.StartsWith("P:", StringComparison.Ordinal))
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal));

        // Bounds of a long are given as doubles.
        private static string Shown(
            object bound) => bound is double and >= long.MaxValue ? "…" : Convert.ToString(bound, CultureInfo.InvariantCulture)!;

        private static string Text(XNode node) => node switch
        {
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.', ':')[^1]}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XText text => text.Value,
            _ => node.ToString(),
        };
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
