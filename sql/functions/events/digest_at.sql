create function fn.digest_at(_pace text, _hour smallint, _zone text, _now timestamptz) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _today timestamp := date_trunc('day', _now at time zone _zone);
    _at timestamptz;
begin
    case _pace
        when 'quarter' then
            return date_bin('15 minutes', _now, '2000-01-01Z') + interval '15 minutes';
        when 'hourly' then
            return date_bin('1 hour', _now, '2000-01-01Z') + interval '1 hour';
        when 'daily' then
            _at := (_today + make_interval(hours => _hour)) at time zone _zone;
            return case
                when _at > _now then _at else (_today + make_interval(days => 1, hours => _hour)) at time zone _zone
            end;
        else
            return _now;
    end case;
end;
$$;

comment on function fn.digest_at is
'When an event of now is sent: at once, at the next quarter of an hour or hour, or the next time that it is _hour in the zone.';
