"""The simulation's side of a robot's devices: what they measure, send, receive and show."""
