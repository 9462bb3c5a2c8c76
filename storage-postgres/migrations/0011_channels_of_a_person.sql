-- A channel is forgotten for its person, by theo_app: who looks among everybody's only reads.
REVOKE DELETE ON channels FROM theo_worker;
