create function fn.uuid_v7(_at timestamptz default clock_timestamp()) returns uuid
language sql volatile parallel safe
return (
    overlay(
        overlay(
            fn.uuid_floor(_at)::text placing substr(gen_random_uuid()::text, 16, 21) from 16
        ) placing '7' from 15
    )
)::uuid;

comment on function fn.uuid_v7 is 'A new UUIDv7 (RFC 9562) of the time _at; its random bits are those of a UUIDv4.';
