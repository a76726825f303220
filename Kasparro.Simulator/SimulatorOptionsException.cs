namespace Kasparro.Simulator;

/// <summary>The exception for an invalid setting; the message is one line for the person who set it.</summary>
internal sealed class SimulatorOptionsException(string message) : Exception(message);
