namespace Kasparro.Tests.Unit.Architecture;

public sealed class LineLengthTests
{
    private const int MaxLength = 140;

    [Fact]
    public void Lines_of_CSharp_have_at_most_140_columns()
    {
        var folders = Directory.GetDirectories(RepositoryFiles.Root, "Kasparro.*").Append(RepositoryFiles.At("bench"));
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(RepositoryFiles.Root, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "node_modules" or "Migrations"))
            .ToList();
        Assert.NotEmpty(files);

        Assert.Empty(files.SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (Length: line.Length, Place: $"{Path.GetRelativePath(RepositoryFiles.Root, file)}:{index + 1}"))
            .Where(line => line.Length > MaxLength)
            .Select(line => line.Place)));
    }
}
