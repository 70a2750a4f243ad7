create function fn.vote_event_id(_placement_id uuid, _minute timestamptz) returns uuid
language sql immutable parallel safe
return (
    overlay(
        overlay(
            fn.uuid_floor(_minute + interval '1 minute')::text placing substr(_placement_id::text, 16, 21) from 16
        ) placing '7' from 15
    )
)::uuid;

comment on function fn.vote_event_id is
'The id of the event of a placement''s votes in a minute: a UUIDv7 of its end with the random bits of the placement''s.';
