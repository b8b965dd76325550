"""Independent check of the generated schemas: exit 0 when it is a draft-04 schema and the file obeys it."""
import json
import sys
import tomllib

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], "rb") as file:
    document = tomllib.load(file) if sys.argv[2].endswith(".toml") else json.load(file)
jsonschema.Draft4Validator.check_schema(schema)
jsonschema.Draft4Validator(schema).validate(document)
