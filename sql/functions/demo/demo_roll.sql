create function fn.demo_roll(_n bigint, _seed bigint) returns double precision
language sql immutable parallel safe
return (hashint8extended(_n, _seed) & 4294967295) / 4294967296.0::double precision;

comment on function fn.demo_roll is 'A number from 0 to 1 that looks random and depends on _n and _seed only.';
