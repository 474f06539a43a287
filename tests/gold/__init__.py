"""The gold set: what people said that real updates state, so that the engine's word can be held against it."""
