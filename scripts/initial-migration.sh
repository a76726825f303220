#!/usr/bin/env bash
# Regenerates the only migration from the model, and adds the SQL of Kasparro.Data/Schema. Only until the first release: after that, each
# change gets its own migration.
set -euo pipefail
cd "$(dirname "$0")/.."
# A constant id, so that two branches that regenerate it merge as text.
id=20261128000000
folder=Kasparro.Data/Migrations

dotnet tool restore >/dev/null || dotnet tool restore >/dev/null # twice: see scripts/lib.sh
rm -rf "$folder"
dotnet ef migrations add InitialCreate --project Kasparro.Data --output-dir Migrations --configuration "${CONFIGURATION:-Release}"
generated=$(basename "$folder"/*_InitialCreate.cs .cs)
sed -i "s/$generated/${id}_InitialCreate/" "$folder/$generated.Designer.cs"
mv "$folder/$generated.cs" "$folder/${id}_InitialCreate.cs"
mv "$folder/$generated.Designer.cs" "$folder/${id}_InitialCreate.Designer.cs"

# Adds the SQL and removes Down(): an initial migration is undone by dropping its database.
awk '
    /<inheritdoc \/>/ { doc = $0; next }
    /void Down\(/ { exit }
    doc != "" { print doc; doc = "" }
    { print }
    /void Up\(/ { isUp = 1 }
    isUp && /^        \{/ {
        print "            migrationBuilder.Sql(Schema.SchemaSql.Partitions);"
        print "            migrationBuilder.Sql(Schema.SchemaSql.Candles);"
        print "            migrationBuilder.Sql(Schema.SchemaSql.Search);\n"
        isUp = 0
    }
    END { print "    }\n}" }
' "$folder/${id}_InitialCreate.cs" >"$folder/initial.tmp"
mv "$folder/initial.tmp" "$folder/${id}_InitialCreate.cs"
