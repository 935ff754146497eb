// SPDX-License-Identifier: GPL-2.0
/* Configuration blocks of version 2, and that a VF of version 1 knows nothing of them. */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "mailbox.h"

static int read_block(uint16_t block, void *reply, size_t len)
{
	return function_mailbox(&vf.fn, HVNET_MSG_BLOCK_READ, block, NULL, 0, reply, len);
}

/* The blocks that are invalid, which are not afterwards. */
static uint64_t read_mask(void)
{
	struct hvnet_msg_invalid invalid = { .mask = ~0ULL };

	function_mailbox(&vf.fn, HVNET_MSG_BLOCKS_INVALID, 0, NULL, 0, &invalid, sizeof(invalid));
	return invalid.mask;
}

/* What may be asked for, and that no more is granted. */
void caps_block(void *arg)
{
	static const uint8_t one[6] = "\x02\x11\x22\x33\x44\x55";
	static const uint8_t beside[6] = "\x02\x99\x00\x00\x00\x01";
	const uint32_t first = HVNET_CAP_SET_MAC | HVNET_CAP_ANY_SOURCE;
	const uint32_t trusted = first | HVNET_CAP_UNICAST | HVNET_CAP_PROMISC;
	struct hvnet_block_caps caps;

	(void)arg;
	CHECK_CODE(read_block(HVNET_BLOCK_CAPS, &caps, sizeof(caps)), HVNET_OK);
	CHECK(caps.blocks == HVNET_BLOCKS_2, "blocks %#llx", (unsigned long long)caps.blocks);
	CHECK(caps.flags == first, "flags %#x", caps.flags);
	CHECK(!caps.max_unicast && caps.max_multicast == HVNET_BLOCK_FILTERS_MAX,
	      "%u and %u addresses", caps.max_unicast, caps.max_multicast);

	read_mask();
	CHECK(host("0 spoofchk on"), "no spoof check");
	CHECK(read_mask() == BIT_ULL(HVNET_BLOCK_CAPS), "not told of the spoof check");
	CHECK_CODE(read_block(HVNET_BLOCK_CAPS, &caps, sizeof(caps)), HVNET_OK);
	CHECK(caps.flags == (first & ~HVNET_CAP_ANY_SOURCE), "flags %#x", caps.flags);
	CHECK(host("0 spoofchk off"), "still checked");

	CHECK(host("0 mac 02:68:76:00:00:01"), "not assigned");
	CHECK(read_mask() & BIT_ULL(HVNET_BLOCK_CAPS), "not told of the address");
	CHECK_CODE(read_block(HVNET_BLOCK_CAPS, &caps, sizeof(caps)), HVNET_OK);
	CHECK(caps.flags == HVNET_CAP_ANY_SOURCE, "flags %#x", caps.flags);
	CHECK_CODE(write_mac(one, 0), HVNET_E_PERM);
	CHECK_CODE(write_filters(0, 1, beside, 1), HVNET_E_PERM);
	CHECK_CODE(write_filters(HVNET_VPORT_PROMISC, 0, NULL, 0), HVNET_E_PERM);

	CHECK(host("0 trust on"), "no trust");
	CHECK(read_mask() & BIT_ULL(HVNET_BLOCK_CAPS), "not told of the trust");
	CHECK_CODE(read_block(HVNET_BLOCK_CAPS, &caps, sizeof(caps)), HVNET_OK);
	CHECK(caps.flags == trusted, "flags %#x", caps.flags);
	CHECK(caps.max_unicast == HVNET_BLOCK_FILTERS_MAX &&
	      caps.max_multicast == HVNET_BLOCK_FILTERS_MAX, "%u and %u addresses",
	      caps.max_unicast, caps.max_multicast);
	CHECK_CODE(write_mac(one, 0), HVNET_OK);
	CHECK_CODE(write_filters(HVNET_VPORT_PROMISC, 1, beside, 1), HVNET_OK);
}

/* That the VF is in a VLAN is told, not in which, nor its priority. */
void vlan_assignment(void *arg)
{
	struct hvnet_block_mac before, now;

	(void)arg;
	CHECK_CODE(read_mac(&vf, &before), HVNET_OK);
	CHECK(!before.vlan_flags && !before.rsvd, "flags %#x", before.vlan_flags);
	read_mask();
	CHECK(host("0 vlan 5 qos 3"), "no VLAN");
	CHECK(read_mask() == BIT_ULL(HVNET_BLOCK_MAC), "not told of the VLAN");
	CHECK_CODE(read_mac(&vf, &now), HVNET_OK);
	CHECK(now.vlan_flags == HVNET_BLOCK_VLAN_ASSIGNED, "flags %#x", now.vlan_flags);
	now.vlan_flags = 0;
	CHECK(!memcmp(&now, &before, sizeof(now)), "something else has changed");
	CHECK(!station_up(&vf, 2048), "no reset");
	CHECK_CODE(read_mac(&vf, &now), HVNET_OK);
	CHECK(now.vlan_flags == HVNET_BLOCK_VLAN_ASSIGNED, "flags %#x after a reset",
	      now.vlan_flags);
	CHECK(host("0 vlan 0"), "still in a VLAN");
	CHECK(read_mask() == BIT_ULL(HVNET_BLOCK_MAC), "not told of its end");
	CHECK_CODE(read_mac(&vf, &now), HVNET_OK);
	CHECK(!now.vlan_flags, "flags %#x at its end", now.vlan_flags);

	now.vlan_flags = HVNET_BLOCK_VLAN_ASSIGNED;
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, &now,
				    sizeof(now), NULL, 0), HVNET_E_RANGE);
	now.vlan_flags = 0;
	now.rsvd = 5;
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, &now,
				    sizeof(now), NULL, 0), HVNET_E_RANGE);
}

void mtu_block(void *arg)
{
	struct hvnet_block_mtu mtu;

	(void)arg;
	CHECK_CODE(read_block(HVNET_BLOCK_MTU, &mtu, sizeof(mtu)), HVNET_OK);
	CHECK(mtu.max == STATION_MAX_FRAME - 18, "MTU %u", mtu.max);
	/* With the tag of a port VLAN the longest packet is as long: the VF has none of its own. */
	CHECK(host("0 vlan 5") && host("1 vlan 5"), "no VLAN");
	CHECK_CODE(read_block(HVNET_BLOCK_MTU, &mtu, sizeof(mtu)), HVNET_OK);
	CHECK(mtu.max == STATION_MAX_FRAME - 18, "MTU %u in a VLAN", mtu.max);
	CHECK(!station_exchange(&vf, &other, 1, mtu.max + 14), "the longest packet does not come");
}

#define KEY_1	"6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:" \
		"ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:6a:42:b7:3b:be:ac:01:fa"
#define KEY_2	"01:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:" \
		"ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:6a:42:b7:3b:be:ac:01:02"

static bool has_key(const struct hvnet_block_rss *rss, const char *key)
{
	unsigned int i, byte;

	for (i = 0; i < HVNET_RSS_KEY_SIZE; i++)
		if (sscanf(key + 3 * i, "%2x", &byte) != 1 || byte != rss->key[i])
			return false;
	return true;
}

void rss_block(void *arg)
{
	const uint64_t both = BIT_ULL(HVNET_BLOCK_CAPS) | BIT_ULL(HVNET_BLOCK_RSS);
	struct hvnet_block_caps caps;
	struct hvnet_block_rss rss;

	(void)arg;
	CHECK(host_ethtool("-X", "hkey " KEY_1), "the PF's key cannot be set");
	CHECK(host_ethtool("-N", "rx-flow-hash udp4 sd"), "the PF's fields cannot be set");
	read_mask();
	CHECK_CODE(read_block(HVNET_BLOCK_RSS, &rss, sizeof(rss)), HVNET_E_PERM);
	CHECK(host("0 query_rss on"), "not allowed");
	CHECK(read_mask() == both, "not told that it may ask");
	CHECK_CODE(read_block(HVNET_BLOCK_CAPS, &caps, sizeof(caps)), HVNET_OK);
	CHECK(caps.flags & HVNET_CAP_RSS, "flags %#x", caps.flags);
	CHECK_CODE(read_block(HVNET_BLOCK_RSS, &rss, sizeof(rss)), HVNET_OK);
	CHECK(has_key(&rss, KEY_1), "not the PF's key");
	CHECK(rss.fields == (HVNET_RSS_IP4 | HVNET_RSS_TCP4 | HVNET_RSS_IP6 | HVNET_RSS_TCP6) &&
	      !rss.flags, "fields %#x, flags %#x", rss.fields, rss.flags);

	CHECK(host_ethtool("-X", "hkey " KEY_2), "the PF's key cannot be set");
	CHECK(read_mask() == BIT_ULL(HVNET_BLOCK_RSS), "not told of the key");
	CHECK(host_ethtool("-N", "rx-flow-hash udp4 sdfn"), "the PF's fields cannot be set");
	CHECK(read_mask() == BIT_ULL(HVNET_BLOCK_RSS), "not told of the fields");
	CHECK_CODE(read_block(HVNET_BLOCK_RSS, &rss, sizeof(rss)), HVNET_OK);
	CHECK(has_key(&rss, KEY_2) && rss.fields & HVNET_RSS_UDP4, "not what the PF has now");
	/* The table is the PF's affair. */
	CHECK(host_ethtool("-X", "equal 1") && host_ethtool("-X", "default"), "no table");
	CHECK(!read_mask(), "told of the table");
	CHECK_CODE(function_mailbox(&other.fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_RSS, NULL, 0, &rss,
				    sizeof(rss)), HVNET_E_PERM);

	/* The host's word is the VF's, not its driver's. */
	CHECK(!station_up(&vf, 2048), "no reset");
	CHECK_CODE(read_block(HVNET_BLOCK_RSS, &rss, sizeof(rss)), HVNET_OK);
	CHECK(host("0 query_rss off"), "still allowed");
	CHECK(read_mask() == both, "not told that it may not ask");
	CHECK_CODE(read_block(HVNET_BLOCK_RSS, &rss, sizeof(rss)), HVNET_E_PERM);
	CHECK(host_ethtool("-X", "hkey " KEY_1), "the PF's key cannot be set");
	CHECK(!read_mask(), "told of a key that it may not know");
	CHECK(host_ethtool("-N", "rx-flow-hash udp4 sd"), "the PF's fields cannot be set");
}

/* What a driver of version 1 does, byte by byte, whatever the host does meanwhile. */
void version_1(void *arg)
{
	static const uint8_t group[6] = "\x01\x00\x5e\x01\x02\x03";
	struct { uint8_t mac[6]; uint16_t flags; } mac, theirs;
	struct { uint32_t flags, speed; } link;
	struct hvnet_msg_version answer;
	uint32_t rung;
	unsigned int i;

	(void)arg;
	CHECK(!function_reset(&vf.fn), "no reset");
	CHECK_CODE(ask_version(1, 1, &answer), HVNET_OK);
	CHECK(answer.min == 1 && answer.max == 1, "agreed on %u", answer.max);
	CHECK(!read_mask(), "something is invalid");
	CHECK_CODE(read_block(0, &mac, 8), HVNET_OK);
	CHECK(!mac.flags, "flags %#x", mac.flags);
	CHECK_CODE(read_block(1, &link, 8), HVNET_OK);
	CHECK(!(link.flags & ~1u) && link.speed, "link %#x, speed %u", link.flags, link.speed);
	CHECK_CODE(read_block(2, NULL, 0), HVNET_E_PERM);
	for (i = 3; i < 70; i++) {
		CHECK(raw(HVNET_MSG_BLOCK_READ, i, 0, 8) == HVNET_E_ABSENT, "read block %u", i);
		CHECK(raw(HVNET_MSG_BLOCK_WRITE, i, 8, 16) == HVNET_E_ABSENT, "write block %u", i);
	}

	/* Both are written in the length of their version. */
	theirs = mac;
	theirs.mac[5] ^= 0x80;
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, 0, &theirs, 8, NULL, 0),
		   HVNET_OK);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, 0, 12, 20), HVNET_E_LENGTH);
	CHECK_CODE(read_block(0, &mac, 8), HVNET_OK);
	CHECK(!memcmp(&mac, &theirs, 8), "not the address that was written");
	CHECK_CODE(write_filters(HVNET_VPORT_ALLMULTI, 1, group, 1), HVNET_OK);
	CHECK_CODE(write_filters(HVNET_VPORT_PROMISC, 0, NULL, 0), HVNET_E_PERM);

	/* It hears nothing of what is new, */
	rung = device_read(&vf.fn.dev, HVNET_REG_EVENT_MAILBOX);
	CHECK(host("0 spoofchk on") && host("0 query_rss on"), "the host's settings fail");
	CHECK(host_ethtool("-X", "hkey " KEY_2), "the PF's key cannot be set");
	CHECK(device_read(&vf.fn.dev, HVNET_REG_EVENT_MAILBOX) == rung, "rung for what is new");
	CHECK(!read_mask(), "told of what is new");

	/* but of what it knows. */
	CHECK(host("0 mac 02:68:76:00:00:01") && host("0 trust on") && host("0 vlan 5"),
	      "the host's settings fail");
	CHECK(device_read(&vf.fn.dev, HVNET_REG_EVENT_MAILBOX) != rung, "not rung");
	CHECK(read_mask() == 5, "not told of its address and filters alone");
	CHECK_CODE(read_block(0, &mac, 8), HVNET_OK);
	CHECK(mac.flags == 1 && mac.mac[5] == 1, "the address was not assigned");
	CHECK(host("0 state disable"), "not disabled");
	CHECK(read_mask() == 2, "not told of its link");
	CHECK_CODE(read_block(1, &link, 8), HVNET_OK);
	CHECK(!link.flags, "it has a link");
	CHECK(!read_mask(), "the mask is not cleared");
}
