create function fn.project_leaders(_account_id uuid, _project_id uuid, _days smallint, _limit integer default 5) returns jsonb
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
begin
    return (
        select coalesce(jsonb_agg(l order by l.kind, l.place), '[]')
        from (
            select l.kind, row_number() over (partition by l.kind order by l.place) as place, l.content_id,
                s.name as set_name, c.key, l.total as signals, l.before, l.sentiment
            from fn.leader as l
            join public.content as c on c.account_id = l.account_id and c.id = l.content_id
            join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
            -- Nobody can say that they like something less than others, where all that can be said is a like.
            where l.account_id = _account_id and l.project_id = _project_id and l.days = _days
                and (s.type <> 'pulse' or l.kind not in ('best', 'worst'))
        ) as l
        where l.place <= case l.kind when 'most' then 2 * _limit + 2 else _limit end
    );
end;
$$;

comment on function fn.project_leaders is
'The contents of a project that lead a window (1, 7, 30, 90 or 365 days), as JSON: the first _limit as
the best and worst judged, in rise and fall, and of most signals a list as long as two of these. Of other windows there are none.';
