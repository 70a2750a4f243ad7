-- transactional: false
-- Passages of responses that were deleted while a merge held them, or of which only the count is left. In short transactions.
do $$
declare
    _account_id uuid;
    _after_id uuid;
    _ids uuid[];
begin
    for _account_id in select distinct p.account_id from public.passage as p loop
        _after_id := '00000000-0000-0000-0000-000000000000';
        loop
            _ids := array(
                select p.response_id from public.passage as p
                where p.account_id = _account_id and p.response_id > _after_id
                order by p.response_id
                limit 1000
            );
            exit when cardinality(_ids) = 0;
            delete from public.passage as p
            where p.account_id = _account_id and p.response_id = any (_ids)
                and not exists (
                    select from public.response as f where f.account_id = _account_id and f.id = p.response_id
                )
                and not exists (
                    select from public.merge_hold as h
                    where h.account_id = _account_id and h.id = p.response_id and not h.is_past
                );
            commit;
            _after_id := _ids[cardinality(_ids)];
        end loop;
    end loop;
end;
$$;
