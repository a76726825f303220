using System.Buffers.Binary;
using System.Text.Json;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>
/// A hash of a record's field names and types, computed during the walk that is needed anyway. Records have few distinct shapes, so the
/// schema is compared once per shape, and each record costs only a few multiplications.
/// </summary>
internal struct ShapeHash
{
    private const ulong Prime = 0x9E3779B185EBCA87;

    private ulong _value;

    public readonly ulong Value => _value;

    public void Add(ReadOnlySpan<byte> name, JsonValueKind kind)
    {
        // True and false are the same type.
        Mix(((ulong)name.Length << 8) | (ulong)(kind is JsonValueKind.False ? JsonValueKind.True : kind));
        while (name.Length >= sizeof(ulong))
        {
            Mix(BinaryPrimitives.ReadUInt64LittleEndian(name));
            name = name[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var letter in name)
        {
            rest = (rest << 8) | letter;
        }

        Mix(rest);
    }

    public void EndObject() => Mix('}');

    private void Mix(ulong part) => _value = ulong.RotateLeft((_value ^ part) * Prime, 31);
}
