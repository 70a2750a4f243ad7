alter table roll_up add column votes_until timestamptz;
-- A little before now: of votes since then the version before may not have made events.
update roll_up set votes_until = date_trunc('minute', now() - interval '2 minutes');
comment on column roll_up.votes_until is 'Until when events were made of votes, by when they were created.';

create table late_response (
    account_id uuid not null,
    response_id uuid not null,
    primary key (account_id, response_id)
);
comment on table late_response is
'Votes that were stored so late that their minute may be over for events, where an account has destinations.';

comment on table event_response is 'The messages of one transaction, of which events are made when it is due.';
comment on column event_response.placement_ids is 'Unused, as are option_nos and counts: events of votes are made of the stored votes.';
