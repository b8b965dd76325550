"""Independent check of the generated schema: exit 0 when it is a draft-04 schema and the study obeys it."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    study = json.load(file)
jsonschema.Draft4Validator.check_schema(schema)
jsonschema.Draft4Validator(schema).validate(study)
