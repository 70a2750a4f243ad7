-- A little before now: votes of which the version before has not made events yet.
alter table roll_up add column votes_until timestamptz not null default date_trunc('minute', now() - interval '2 minutes');
comment on column roll_up.votes_until is 'Until when events were made of votes, by when they were created.';

create table late_vote (
    account_id uuid not null,
    response_id uuid not null,
    primary key (account_id, response_id)
);
comment on table late_vote is
'Votes that were stored so late that their minute may be over for events, where an account has destinations.';
