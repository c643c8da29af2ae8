"""A Federation 2 gateway as a library: compose subgraphs, plan operations, execute them.

`Supergraph.parse` reads a composed schema, `Engine` answers operations on it through one `Transport` per subgraph. The
phases have a room each: `composition`, `admission`, `planning`, `execution`; `engine` conducts.
"""
