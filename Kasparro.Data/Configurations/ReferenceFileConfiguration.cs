using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class ReferenceFileConfiguration : IEntityTypeConfiguration<ReferenceFile>
{
    public void Configure(EntityTypeBuilder<ReferenceFile> builder)
    {
        builder.ToTable("reference_files");
        builder.HasKey(file => new { file.Kind, file.FileName });
    }
}
