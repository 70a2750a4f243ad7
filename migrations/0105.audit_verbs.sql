-- The audit log says created, updated, deleted, revoked and transferred, as the functions that write it do. The previous version
-- words whatever verb it reads.
update audit
set what = case what
        when 'account.deletion_withdrawn' then 'account.deletion_cancelled'
        when 'account.handed_over' then 'account.transferred'
        else regexp_replace(
            regexp_replace(regexp_replace(what, '^key\.', 'api_key.'), '([._])changed$', '\1updated'),
            '([._])removed$', '\1deleted'
        )
    end
where what ~ '^key\.|[._](changed|removed)$' or what in ('account.deletion_withdrawn', 'account.handed_over');
comment on column audit.what is 'The noun and what was done to it: project.created, member.deleted.';
