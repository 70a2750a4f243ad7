-- Called by app as account.
create function fn.invite_recap_recipient(
    _account_id uuid, _person_id uuid, _slug text, _email text, _weekly boolean, _monthly boolean, _token_hash bytea,
    _url text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 50;
    _address text := fn.check_email(_email);
    _project public.project;
    _recipient public.recap_recipient;
begin
    perform fn.allow(_account_id, 'admin');
    select * into _project from public.project as p where p.account_id = _account_id and p.slug = _slug for update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if not (_weekly or _monthly) then
        raise exception 'Choose weekly recaps, monthly ones, or both.' using errcode = 'FB422';
    end if;
    select * into _recipient from public.recap_recipient as r
    where r.account_id = _account_id and r.project_id = _project.id and lower(r.email) = _address;
    if _recipient.ended_at is not null then
        raise exception '% has unsubscribed from these recaps and cannot be invited again.', _address using errcode = 'FB409';
    elsif _recipient.confirmed_at is not null then
        raise exception '% gets these recaps already.', _address
            using errcode = 'FB409', hint = 'Delete the recipient first to choose other recaps.';
    elsif _recipient.requested_at > _now - interval '1 day' then
        raise exception '% was invited within the last day.', _address
            using errcode = 'FB409', hint = 'You can invite them again tomorrow.';
    elsif _recipient.id is null and _most <= (
        select count(*) from public.recap_recipient as r
        where r.account_id = _account_id and r.project_id = _project.id
    ) then
        raise exception 'A project can have at most % recipients outside the account.', _most
            using errcode = 'FB422', hint = 'Delete one first, or invite people as members.';
    end if;
    insert into public.recap_recipient (account_id, id, project_id, email, weekly, monthly, requested_at, token_hash)
    values (_account_id, fn.uuid_v7(_now), _project.id, _address, _weekly, _monthly, _now, _token_hash)
    on conflict (account_id, project_id, lower(email)) do update set
        weekly = excluded.weekly, monthly = excluded.monthly, requested_at = excluded.requested_at,
        token_hash = excluded.token_hash;
    perform fn.enqueue_mail(
        _address, 'recap_invitation',
        jsonb_build_object(
            'url', _url, 'project', _project.name, 'weekly', _weekly, 'monthly', _monthly,
            'by', (select o.email from public.person as o where o.id = _person_id),
            'until', fn.mail_time(_now + interval '7 days')
        ),
        _give_up_at => _now + interval '1 day', _now => _now
    );
    perform fn.add_audit_entry(
        _account_id, 'recap_recipient.invited', _address, jsonb_build_object('project', _project.name), _now => _now
    );
end;
$$;

comment on function fn.invite_recap_recipient is
'Invites somebody outside the account by mail to get recaps of a project; they must confirm. FB404, FB403 below admin, FB422 for
an invalid address or more than 50 recipients, FB409 for a recipient, or one who was invited within a day or has unsubscribed.';
