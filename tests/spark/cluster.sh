# Sourced: a standalone Spark cluster on this machine, whose daemons end with the shell.
#
#   start_master          starts one; $MASTER is its address
#   start_worker NAME     starts a worker with one core; its process is ${workers[NAME]}
#   stop_cluster          ends all
#
# Needs pyspark's programs in PATH, the virtual environments that the suite makes, and $work; the logs are in $work/cluster.
declare -A workers=()
cluster=$work/cluster
mkdir "$cluster"
SPARK_HOME=$(python -c 'import pyspark; print(pyspark.__path__[0])')
# Loopback only, and little memory for those who only keep the books.
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 SPARK_DAEMON_MEMORY=256m SPARK_WORKER_DIR=$cluster/work PYSPARK_PYTHON=$target/spark-worker/bin/python \
    PYSPARK_DRIVER_PYTHON=$target/spark/bin/python

stop_cluster() {
    kill "${workers[@]}" ${master:+"$master"} 2>/dev/null || true
    wait
    workers=()
}
trap 'stop_cluster; rm -rf "$work"' EXIT

# Until a log has a line; gives the first one's match.
await() { # log, pattern
    local i
    for ((i = 0; i < 240; i++)); do
        grep -oE -m 1 "$2" "$1" 2>/dev/null && return
        sleep 0.5
    done
    echo "$1 never says $2" >&2
    cat "$1" >&2
    return 1
}

start_master() {
    spark-class org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0 >"$cluster/master.log" 2>&1 &
    master=$!
    MASTER=$(await "$cluster/master.log" 'spark://127.0.0.1:[0-9]+')
    export MASTER
}

start_worker() { # name
    spark-class org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 2g --webui-port 0 \
        "$MASTER" >"$cluster/worker-$1.log" 2>&1 &
    workers[$1]=$!
    await "$cluster/worker-$1.log" 'Successfully registered with master' >/dev/null
}
