"""How often the forecast was right: rolling origins over real records, against simple rivals. Method, section 3."""
