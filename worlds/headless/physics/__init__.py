"""The stand-in's own physics: shapes that can be hit, rays, contacts and the motion of a car."""
