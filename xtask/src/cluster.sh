# A throw-away PostgreSQL cluster: made, served, and removed by this one script.
#
# Arguments: the folder of PostgreSQL's programs, the cluster's folder, the port, the locale.
# It lives as long as its standard input stays open. The system closes that when the chore which holds the other
# end is gone, for whatever reason, kill -9 included: so nothing stays behind.
programs=$1 folder=$2 port=$3 locale=$4

exec 3<&0 </dev/null
trap 'rm -rf "$folder"' EXIT

"$programs/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale="$locale" --no-sync || exit

# 400 connections: many tests at once, each with a pool of 20. Only loopback, no socket file, no password.
"$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=400 3<&- &
server=$!

# SIGQUIT is PostgreSQL's immediate shutdown, right for data that nobody will read. It is repeated because a
# server that has only just started does not listen to signals yet.
{
    cat <&3 >/dev/null
    while kill -QUIT "$server" 2>/dev/null; do sleep 0.2; done
} &
keeper=$!
exec 3<&-

wait "$server"
kill "$keeper" 2>/dev/null
