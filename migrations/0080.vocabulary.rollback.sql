-- The version before cannot read the new names, so this is not undone in place: restore a backup.
do $$ begin raise exception 'Migration 0080 cannot be rolled back: restore a backup taken before it.'; end; $$;
