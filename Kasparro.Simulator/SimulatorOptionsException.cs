namespace Kasparro.Simulator;

/// <summary>A setting that the simulator cannot work with; the message is one line for the person who set it.</summary>
internal sealed class SimulatorOptionsException(string message) : Exception(message);
