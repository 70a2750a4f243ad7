create function fn.log_gamma(_x double precision) returns double precision
language sql immutable strict parallel safe
-- Stirling's series from 8 on, where its terms give 12 digits. Postgres has lgamma only from 18.
return (
    select (s.x - 0.5) * ln(s.x) - s.x + 0.918938533204672742 + 1 / (12 * s.x) - 1 / (360 * s.x ^ 3) + 1 / (1260 * s.x ^ 5)
        - 1 / (1680 * s.x ^ 7)
        - ln(_x * (_x + 1) * (_x + 2) * (_x + 3) * (_x + 4) * (_x + 5) * (_x + 6) * (_x + 7))
    from (select _x + 8 as x) as s
);

comment on function fn.log_gamma is 'The logarithm of the gamma function of a number above 0.';
