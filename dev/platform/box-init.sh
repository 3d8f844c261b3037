#!/bin/sh
# First process of the platform's own namespaces (process ids, network, mounts,
# host name): gives the parts private /run, /var/lib and /var/log, then becomes
# the supervisor. When it dies, the kernel ends everything in here with it.
# Usage: box-init.sh NAME SERVICES-FOLDER ADDRESS DNS-SERVER
set -eu

name=$1
services=$2
address=$3
dns=$4

# All that is started from here on is accounted below the platform's own cgroup
# (one hierarchy a controller on v1, a single one on v2).
for procs in /sys/fs/cgroup/"$name"/parts/cgroup.procs /sys/fs/cgroup/*/"$name"/parts/cgroup.procs; do
  if [ -e "$procs" ]; then echo 0 >"$procs"; fi
done

# Private towards the machine, shared among the pods, as kubelet wants it.
mount --make-rshared /
for folder in /run /var/lib /var/log; do
  mount -t tmpfs -o mode=755 tmpfs "$folder"
done
mkdir -p /run/lock /run/netns /var/log/pods /var/log/containers

# The machine's name server cannot be reached from here; every look-up of it
# would wait for seconds. /etc/resolv.conf is often a link into /run.
printf '127.0.0.1 localhost\n%s %s\n' "$address" "$name" >/run/hosts
printf 'nameserver %s\nsearch svc.cluster.local\noptions timeout:1 attempts:1\n' "$dns" >/run/resolv.conf
for file in hosts resolv.conf; do
  target=$(readlink -m "/etc/$file")
  mkdir -p "$(dirname "$target")"
  [ -e "$target" ] || : >"$target"
  mount --bind "/run/$file" "$target"
done

hostname "$name"
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward

exec s6-svscan "$services"
