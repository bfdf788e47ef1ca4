"""Tables. Rows never leave the storage package; every tenant table begins with `workspace_id`."""
