"""The five subgraphs, and the runtime that makes a subgraph of strawberry types."""
