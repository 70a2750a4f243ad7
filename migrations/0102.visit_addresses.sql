-- transactional: false
-- Visits no longer hold the hash of an address: whoever deletes a response shows theirs. In short transactions, and without
-- waiting for visits that a response is just changing.
do $$
declare
    _pages constant bigint := (select pg_relation_size('visit') / current_setting('block_size')::integer);
    _from bigint := 0;
begin
    while _from <= _pages loop
        update visit set address = null
        where ctid = any (array(
            select v.ctid from visit as v
            where v.ctid >= format('(%s,0)', _from)::tid and v.ctid < format('(%s,0)', _from + 500)::tid
                and v.address is not null
            for update skip locked
        ));
        commit;
        _from := _from + 500;
    end loop;
end;
$$;

comment on column visit.address is 'Of versions before this one; not used.';
