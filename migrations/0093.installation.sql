-- Who operates the installation, and which account is the demo.
create table installation (
    is_only boolean primary key default true check (is_only),
    claimed_at timestamptz
);
comment on table installation is 'The installation: one row.';
comment on column installation.claimed_at is 'Since when it has an operator; null until somebody claims it.';

alter table person add column is_operator boolean not null default false;
comment on column person.is_operator is 'Whether they operate the installation: its figures, jobs and stored mails.';
alter table account add column is_demo boolean not null default false;
comment on column account.is_demo is 'Whether it is the demo, a sandbox: its owner cannot operate the installation.';

-- Only the demo has a project that is older than its account. Without its project it is its owner's first account.
update account as a set is_demo = true
where exists (
        select from project as p where p.account_id = a.id and p.created_at < a.created_at - interval '89 days'
    ) or a.id = (
        select m.account_id from member as m join person as p on p.id = m.person_id
        where m.role = 'owner' and lower(p.email) = 'demo@feelback.example'
        order by m.created_at
        limit 1
    );

-- The demo's password was published: it ends, with the sessions that it began.
update person as p set password_hash = null
where exists (
    select from member as m join account as a on a.id = m.account_id
    where m.person_id = p.id and m.role = 'owner' and a.is_demo
);
delete from session as s
where exists (
    select from member as m join account as a on a.id = m.account_id
    where m.person_id = s.person_id and m.role = 'owner' and a.is_demo
);

-- Until now the owner of the first account operated the installation.
update person set is_operator = true
where id = (
    select m.person_id
    from account as a
    join member as m on m.account_id = a.id and m.role = 'owner'
    where not a.is_demo and not exists (
        select from member as o join account as d on d.id = o.account_id
        where o.person_id = m.person_id and o.role = 'owner' and d.is_demo
    )
    order by a.created_at, a.id
    limit 1
);
insert into installation (claimed_at) select case when exists (select from person where is_operator) then now() end;
