create function fn.uuid_floor(_at timestamptz) returns uuid
language sql immutable parallel safe
-- By an interval: the epoch of a timestamptz is stable, not immutable, and would not be inlined.
return (
    lpad(to_hex(floor(extract(
        epoch from case when _at < timestamptz 'epoch' then interval '0' else _at - timestamptz 'epoch' end
    ) * 1000)::bigint), 12, '0') || repeat('0', 20)
)::uuid;

comment on function fn.uuid_floor is 'The lowest UUIDv7 of _at or later: the bound of a time range.';
