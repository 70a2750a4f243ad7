create function fn.release_verdict(_chance double precision) returns text
language sql immutable parallel safe
return case
    when _chance > 0.95 then 'better'
    when _chance < 0.05 then 'worse'
    when _chance is not null then 'early'
    else 'none'
end;

comment on function fn.release_verdict is
'What the probability that a page is better after a release allows to say, with a chance of a wrong call below 5 %: better, worse,
early (too early to tell), or none where one side has no responses.';
