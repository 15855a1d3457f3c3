"""Bringing in what the bureau already has (导入): units from JSON, enterprises from Excel."""
