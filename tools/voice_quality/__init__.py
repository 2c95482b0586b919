"""How well the embedded sentiment engine does, beside other ways, as recorded and shown in docs/voice-model.md."""
