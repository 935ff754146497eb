// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "report.h"

static char pf[32], pf_device[32];

void host_find_pf(const char *vf)
{
	struct dirent *entry;
	char path[100], *device;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/physfn", vf);
	device = realpath(path, NULL);
	if (!device)
		die("%s: no PF", vf);
	snprintf(pf_device, sizeof(pf_device), "%.31s", strrchr(device, '/') + 1);
	free(device);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/physfn/net", vf);
	dir = opendir(path);
	if (!dir)
		die("%s: no PF", vf);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(pf, sizeof(pf), "%.31s", entry->d_name);
	closedir(dir);
	if (!pf[0])
		die("the PF has no netdev");
}

bool host(const char *fmt, ...)
{
	char command[200];
	va_list args;
	int len;

	len = snprintf(command, sizeof(command), "ip link set %s vf ", pf);
	va_start(args, fmt);
	vsnprintf(command + len, sizeof(command) - len, fmt, args);
	va_end(args);
	return !system(command);
}

bool host_defaults(unsigned int num)
{
	unsigned int i;

	for (i = 0; i < num; i++)
		if (!host("%u vlan 0", i) || !host("%u spoofchk off", i) ||
		    !host("%u state auto", i) || !host("%u max_tx_rate 0", i) ||
		    !host("%u trust off", i) || !host("%u query_rss off", i) ||
		    !host("%u mac 00:00:00:00:00:00", i))
			return false;
	return host_vf_mtu(9600);
}

bool host_ethtool(const char *option, const char *what)
{
	char command[300];

	snprintf(command, sizeof(command), "ethtool %s %s %s", option, pf, what);
	return !system(command);
}

bool host_vf_mtu(unsigned int mtu)
{
	char command[150];

	snprintf(command, sizeof(command),
		 "devlink dev param set pci/%s name vf_max_mtu value %u cmode runtime", pf_device,
		 mtu);
	return !system(command);
}

bool host_reset_pf(void)
{
	char command[100];

	snprintf(command, sizeof(command), "echo 1 >/sys/bus/pci/devices/%s/reset", pf_device);
	return !system(command);
}
