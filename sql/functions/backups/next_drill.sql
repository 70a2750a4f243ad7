create function fn.next_drill(_state public.backup_state) returns timestamptz
language sql immutable parallel safe
return case
    when _state.has_drills and _state.made_at is not null then case
        when _state.drill_at is null then _state.made_at
        when _state.drill_error is not null or coalesce(_state.drill_ended_at < _state.drill_at, true)
            then _state.drill_at + interval '1 day'
        else _state.drill_at + interval '7 days'
    end
end;

comment on function fn.next_drill is
'When the newest backup is to be restored next: a week after the last drill, a day after one that failed or was cut off; null
where there is no backup or no worker that can restore it.';
