"""Pictures of the messages as people see them, made from the stories of the tests: `./spendbot previews`."""
