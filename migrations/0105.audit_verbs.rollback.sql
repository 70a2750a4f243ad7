update audit
set what = case what
        when 'account.deletion_cancelled' then 'account.deletion_withdrawn'
        when 'account.transferred' then 'account.handed_over'
        when 'member.deleted' then 'member.removed'
        when 'export.deleted' then 'export.removed'
        when 'recap_recipient.deleted' then 'recap_recipient.removed'
        else regexp_replace(regexp_replace(what, '^api_key\.', 'key.'), '([._])updated$', '\1changed')
    end
where what ~ '^api_key\.|[._]updated$' or what in (
        'account.deletion_cancelled', 'account.transferred', 'member.deleted', 'export.deleted', 'recap_recipient.deleted'
    );
comment on column audit.what is 'The noun and what was done to it: project.created, member.removed.';
