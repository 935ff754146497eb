// SPDX-License-Identifier: GPL-2.0
/*
 * policy VF VF VF: PCI addresses, bound to vfio-pci; the first is the one that is held back.
 *
 * The host's side is "ip link set PF vf 0 ...".
 */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "report.h"
#include "station.h"

static struct station vf, peer, other;

static const uint8_t stranger[6] = { 0x02, 0, 0, 0, 0xab, 0xcd };

/* A frame to the peer: addresses, what is given in between, a type that nobody knows. */
static size_t compose(const uint8_t *source, const void *between, size_t len)
{
	memset(vf.frame, 0x42, 100);
	memcpy(vf.frame, peer.mac, 6);
	memcpy(vf.frame + 6, source, 6);
	memcpy(vf.frame + 12, between, len);
	memcpy(vf.frame + 12 + len, "\x88\xb5", 2);
	return 100;
}

static bool send_tagged(uint16_t tci, size_t len)
{
	struct hvnet_tx_ext ext = { .dst_vport = HVNET_VPORT_NONE, .vlan_tci = tci };
	uint64_t first;

	memcpy(&first, &ext, sizeof(first));
	ring_add_tx(&vf.tx, first, 0, HVNET_TXD_EXT | HVNET_TXD_VLAN);
	ring_add_tx(&vf.tx, arena_iova(&vf.mem, vf.frame), len, HVNET_TXD_EOP);
	ring_publish_kick(&vf.fn, &vf.tx);
	return station_wait_sent(&vf);
}

static bool nobody_hears(void)
{
	return station_silent(&peer, 50) && station_silent(&other, 1);
}

static const struct hvnet_admin_stats *counters(struct station *st)
{
	static struct hvnet_admin_stats stats[2];
	static unsigned int which;

	which ^= 1;
	if (function_stats(&st->fn, &stats[which]))
		memset(&stats[which], 0, sizeof(stats[which]));
	return &stats[which];
}

static void announced_to_the_pf(void *arg)
{
	struct hvnet_admin_policy policy = { .vport = HVNET_VPORT_VF(0) };
	struct hvnet_admin_switch sw = {};
	uint32_t features = device_read(&vf.fn.dev, HVNET_REG_FEATURES);

	(void)arg;
	CHECK(!(features & (HVNET_FEAT_POLICY | HVNET_FEAT_VEPA)), "features %#x", features);
	CHECK(host("0 vlan 5") && host("1 vlan 6"), "no VLANs");
	CHECK(function_admin(&vf.fn, HVNET_ADMIN_POLICY_SET, &policy, sizeof(policy), NULL, 0) ==
	      HVNET_E_PERM, "a VF may change its policy");
	policy.vport = HVNET_POLICY_ALL_VFS;
	CHECK(function_admin(&vf.fn, HVNET_ADMIN_POLICY_SET, &policy, sizeof(policy), NULL, 0) ==
	      HVNET_E_PERM, "a VF may change all policies");
	CHECK(function_admin(&vf.fn, HVNET_ADMIN_SWITCH_SET, &sw, sizeof(sw), NULL, 0) ==
	      HVNET_E_PERM, "a VF may change the switch");
	CHECK(station_send(&vf, compose(vf.mac, "", 0)), "not taken");
	CHECK(nobody_hears(), "it has changed its policy");
}

static void sources(void *arg)
{
	static const uint8_t zero[6];
	const uint8_t *source[] = { stranger, peer.mac, other.mac, zero, (uint8_t *)
				    "\xff\xff\xff\xff\xff\xff" };
	unsigned long long before;
	unsigned int i;

	(void)arg;
	CHECK(host("0 spoofchk on"), "no spoof check");
	CHECK(!station_exchange(&vf, &peer, 1, 100), "its own address is refused");
	before = counters(&vf)->tx_spoofed;
	for (i = 0; i < 5; i++) {
		CHECK(station_send(&vf, compose(source[i], "", 0)), "not taken");
		CHECK(nobody_hears(), "source %u is let through", i);
		/* One that is good does not make the next one good. */
		CHECK(!station_exchange(&vf, &peer, i, 100), "its own address is refused");
	}
	CHECK(counters(&vf)->tx_spoofed - before == 5, "tx_spoofed rose by %llu, not 5",
	      counters(&vf)->tx_spoofed - before);
}

/* Good and bad frames in one batch. */
static void sources_in_a_batch(void *arg)
{
	unsigned int round, i, bad = 0;
	unsigned long long before;

	(void)arg;
	CHECK(host("0 spoofchk on"), "no spoof check");
	before = counters(&vf)->tx_spoofed;
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 16; i++) {
			uint8_t *at = vf.frame + i * 256;

			frame_fill(at, &vf, &peer, round * 16 + i, 100);
			if ((i * 7 + round) % 3 == 0) {
				memcpy(at + 6, stranger, 6);
				bad++;
			}
			ring_add_tx(&vf.tx, arena_iova(&vf.mem, at), 100, HVNET_TXD_EOP);
		}
		ring_publish_kick(&vf.fn, &vf.tx);
		CHECK(station_wait_sent(&vf), "not taken");
		for (i = 0; i < 16; i++)
			if ((i * 7 + round) % 3)
				CHECK(!station_expect(&peer, &vf, round * 16 + i, 100),
				      "round %u, frame %u is not received", round, i);
		CHECK(station_silent(&peer, 1), "round %u: more is received", round);
	}
	CHECK(counters(&vf)->tx_spoofed - before == bad, "tx_spoofed rose by %llu, not %u",
	      counters(&vf)->tx_spoofed - before, bad);
}

/* The attacker is in VLAN 5, its target in 6: neither a tag nor two get a frame there. */
static void vlans(void *arg)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool dropped;
	} tag[] = {
		{ "\x81\x00\x00\x06", 4, true },
		{ "\x81\x00\xe0\x06", 4, true },
		{ "\x81\x00\x00\x05", 4, true },
		{ "\x81\x00\x0f\xff", 4, true },
		{ "\x81\x00\x00\x06\x81\x00\x00\x05", 8, true },
		{ "\x81\x00\x00\x05\x81\x00\x00\x06", 8, true },
		{ "\x81\x00\x00\x00\x81\x00\x00\x06", 8, true },
		{ "\x88\xa8\x00\x06", 4, true },
		{ "\x91\x00\x00\x06", 4, false },
		{ "", 0, false },
	};
	unsigned long long before;
	unsigned int i, dropped = 0;

	(void)arg;
	CHECK(host("0 vlan 5") && host("1 vlan 6") && host("2 vlan 6"), "no VLANs");
	before = counters(&vf)->tx_bad_vlan;
	for (i = 0; i < sizeof(tag) / sizeof(tag[0]); i++) {
		CHECK(station_send(&vf, compose(vf.mac, tag[i].bytes, tag[i].len)), "not taken");
		CHECK(nobody_hears(), "tags %u in the frame get through", i);
		/* By the descriptor, with these behind it: a priority changes nothing. */
		CHECK(send_tagged(6, compose(vf.mac, tag[i].bytes, tag[i].len)), "not taken");
		CHECK(nobody_hears(), "a tag in the descriptor gets through, before %u", i);
		CHECK(send_tagged(0xe000, compose(vf.mac, tag[i].bytes, tag[i].len)), "not taken");
		CHECK(nobody_hears(), "a priority in the descriptor gets through, before %u", i);
		dropped += 2 * tag[i].dropped + 1;
	}
	CHECK(counters(&vf)->tx_bad_vlan - before == dropped, "tx_bad_vlan rose by %llu, not %u",
	      counters(&vf)->tx_bad_vlan - before, dropped);
	CHECK(host("1 vlan 5"), "no VLAN");
	CHECK(!station_exchange(&vf, &peer, 7, 100), "its own VLAN is closed");
}

/* A frame that ends in its tag, or before it. */
static void short_frames(void *arg)
{
	unsigned int len;

	(void)arg;
	CHECK(host("0 vlan 5") && host("1 vlan 6") && host("0 spoofchk on"), "no policy");
	for (len = 14; len < 24; len++) {
		compose(vf.mac, "\x81\x00\x00\x06", 4);
		CHECK(station_send(&vf, len), "%u bytes are not taken", len);
		CHECK(nobody_hears(), "%u bytes get through", len);
	}
	CHECK(host("1 vlan 5"), "no VLAN");
	CHECK(!station_exchange(&vf, &peer, 1, 14), "14 bytes do not come");
}

static void link_off(void *arg)
{
	struct hvnet_block_link link;
	unsigned long long sent, received;

	(void)arg;
	CHECK(host("0 state disable"), "not disabled");
	CHECK(function_mailbox(&vf.fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_LINK, NULL, 0, &link,
			       sizeof(link)) == HVNET_OK && !(link.flags & HVNET_LINK_UP),
	      "it has a link");
	sent = counters(&vf)->tx_link_off;
	received = counters(&vf)->rx_link_off;
	CHECK(station_send(&vf, compose(vf.mac, "", 0)), "not taken");
	CHECK(nobody_hears(), "it sends");
	memcpy(peer.frame, vf.mac, 6);
	memcpy(peer.frame + 6, peer.mac, 6);
	CHECK(station_send(&peer, 100) && station_silent(&vf, 50), "it receives");
	memset(peer.frame, 0xff, 6);
	CHECK(station_send(&peer, 100) && station_silent(&vf, 50), "it receives broadcasts");
	CHECK(!station_silent(&other, 1000), "others do not");
	other.rx.cons = ring_cons(&other.rx);
	/* A reset does not help. */
	CHECK(!station_up(&vf, 2048), "no reset");
	CHECK(station_send(&vf, compose(vf.mac, "", 0)), "not taken");
	CHECK(nobody_hears(), "it sends after a reset");
	CHECK(counters(&vf)->tx_link_off - sent == 2, "tx_link_off rose by %llu, not 2",
	      counters(&vf)->tx_link_off - sent);
	CHECK(counters(&vf)->rx_link_off - received == 1, "rx_link_off rose by %llu, not 1",
	      counters(&vf)->rx_link_off - received);
	CHECK(!station_up(&peer, 2048), "no reset");
	CHECK(host("0 state enable"), "not enabled");
	CHECK(function_mailbox(&vf.fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_LINK, NULL, 0, &link,
			       sizeof(link)) == HVNET_OK && link.flags & HVNET_LINK_UP,
	      "it has no link");
	CHECK(!station_exchange(&vf, &peer, 1, 100), "it does not send when enabled");
}

#define RATE	8		/* Mb/s: 1000 bytes a ms */
#define FLOOD	1000		/* bytes of a frame */

/* Keep the ring full for @ms. */
static void flood(unsigned int ms)
{
	uint64_t end = clock_ms() + ms;

	while (clock_ms() < end) {
		while (vf.tx.prod - ring_cons(&vf.tx) < vf.tx.size)
			ring_add_tx(&vf.tx, arena_iova(&vf.mem, vf.frame), FLOOD, HVNET_TXD_EOP);
		ring_publish_kick(&vf.fn, &vf.tx);
		clock_sleep(1);
	}
}

/* Neither floods nor new queues nor resets make it faster, nor is anything lost. */
static void rate(void *arg)
{
	unsigned long long before, sent;
	uint64_t start;
	unsigned int i;

	(void)arg;
	CHECK(host("0 max_tx_rate %u", RATE), "no rate");
	compose(vf.mac, "", 0);
	start = clock_ms();
	before = counters(&vf)->tx_bytes;
	flood(1000);
	sent = counters(&vf)->tx_bytes - before;
	CHECK(sent <= (clock_ms() - start + 50) * 1000, "%llu bytes in %llu ms", sent,
	      (unsigned long long)(clock_ms() - start));
	CHECK(sent >= 300 * 1000, "only %llu bytes in a second", sent);
	CHECK(counters(&vf)->tx_throttled, "it never waited");
	for (i = 0; i < 10; i++) {
		CHECK(!ring_disable(&vf.fn, &vf.tx), "not disabled");
		ring_clear(&vf.tx);
		CHECK(!ring_enable(&vf.fn, &vf.tx), "not enabled");
		flood(50);
	}
	for (i = 0; i < 5; i++) {
		CHECK(!station_up(&vf, 2048), "no reset");
		compose(vf.mac, "", 0);
		flood(50);
	}
	sent = counters(&vf)->tx_bytes - before;
	CHECK(sent <= (clock_ms() - start + 50) * 1000, "%llu bytes in %llu ms", sent,
	      (unsigned long long)(clock_ms() - start));
	CHECK(host("0 max_tx_rate 0"), "no rate");
	CHECK(station_wait_sent(&vf), "what waited is not sent");
}

/* Who waits for its rate can be stopped and started. */
static void rate_and_errors(void *arg)
{
	struct hvnet_queue_ctx ctx;

	(void)arg;
	CHECK(host("0 max_tx_rate 1"), "no rate");
	compose(vf.mac, "", 0);
	flood(100);
	/* The index is too far ahead: found while it waits, or when its time has come. */
	__atomic_store_n(&vf.tx.ctl->prod, vf.tx.prod + 100000, __ATOMIC_RELEASE);
	device_doorbell(&vf.fn.dev, vf.tx.queue);
	CHECK(WAIT((ring_context(&vf.fn, vf.tx.queue, &ctx), ctx.state == HVNET_QUEUE_ERROR),
		   TIMEOUT_MS), "state %u", ctx.state);
	CHECK(ctx.error == HVNET_QERR_INDEX, "error %u", ctx.error);
	CHECK(host("0 max_tx_rate 1000"), "no rate");
	CHECK(!station_up(&vf, 2048) && !station_up(&peer, 2048), "not up again");
	CHECK(!station_exchange(&vf, &peer, 1, 100), "nothing comes");
}

/* 3000 bytes in a UDP packet, to be segmented. */
static bool send_segments(uint16_t gso_size)
{
	static const uint8_t headers[] = {
		0x08, 0x00,
		0x45, 0, 3028 >> 8, 3028 & 255, 0, 0, 0x40, 0, 64, 17, 0, 0,
		10, 0, 0, 1, 10, 0, 0, 2,
		0, 9, 0, 9, 3008 >> 8, 3008 & 255, 0, 0,
	};
	struct hvnet_tx_ext ext = {
		.dst_vport = HVNET_VPORT_NONE, .gso_size = gso_size, .hdr_len = 42,
	};
	uint64_t first;

	memset(vf.frame, 0, 3042);
	memcpy(vf.frame, peer.mac, 6);
	memcpy(vf.frame + 6, vf.mac, 6);
	memcpy(vf.frame + 12, headers, sizeof(headers));
	memcpy(&first, &ext, sizeof(first));
	ring_add_tx(&vf.tx, first, 0, HVNET_TXD_EXT | HVNET_TXD_GSO);
	ring_add_tx(&vf.tx, arena_iova(&vf.mem, vf.frame), 3042, HVNET_TXD_EOP);
	ring_publish_kick(&vf.fn, &vf.tx);
	return station_wait_sent(&vf);
}

/* The host limits all VFs; a driver that goes on as before is heard with short frames only. */
static void oversize(void *arg)
{
	struct hvnet_admin_stats before, after;
	size_t len[] = { 1400 + 15, 3000, 4000 };
	unsigned int i;

	(void)arg;
	CHECK(host_vf_mtu(1400), "no limit");
	before = *counters(&vf);
	CHECK(!station_exchange(&vf, &peer, 1, 60), "short frames do not pass");
	CHECK(!station_exchange(&vf, &peer, 2, 1400 + 14), "the longest frame does not pass");
	for (i = 0; i < 3; i++) {
		frame_fill(vf.frame, &vf, &peer, i, len[i]);
		CHECK(station_send(&vf, len[i]), "not taken");
		CHECK(nobody_hears(), "%zu bytes pass", len[i]);
	}
	/* A tag is not part of the packet. */
	compose(vf.mac, "", 0);
	CHECK(send_tagged(5, 1400 + 14), "not taken");
	CHECK(!station_silent(&peer, 1000), "the longest frame with a tag does not pass");
	CHECK(!station_up(&peer, 2048), "no reset");
	CHECK(send_segments(1400 - 28), "not taken");
	CHECK(!station_silent(&peer, 1000), "segments do not pass");
	after = *counters(&vf);
	CHECK(after.tx_oversize - before.tx_oversize == 3, "tx_oversize rose by %llu, not 3",
	      (unsigned long long)(after.tx_oversize - before.tx_oversize));
	CHECK(!station_up(&peer, 2048), "no reset");
	CHECK(send_segments(1400 - 27), "not taken");
	CHECK(nobody_hears(), "long segments pass");
	CHECK(counters(&vf)->tx_oversize - after.tx_oversize == 3, "segments are not counted");
	/* No reset ends it. */
	CHECK(!station_up(&vf, 2048), "no reset");
	frame_fill(vf.frame, &vf, &peer, 7, 1415);
	CHECK(station_send(&vf, 1415), "not taken");
	CHECK(nobody_hears(), "it passes after a reset");
	CHECK(host_vf_mtu(9600), "no end of the limit");
	CHECK(!station_exchange(&vf, &peer, 8, 4000), "it does not pass without a limit");
}

static void promiscuous(void *arg)
{
	struct hvnet_block_filters filters = { .flags = HVNET_VPORT_PROMISC };
	int code;

	(void)arg;
	code = function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_FILTERS, &filters,
				sizeof(filters), NULL, 0);
	CHECK(code == HVNET_E_PERM, "code %d", code);
	CHECK(host("0 trust on"), "no trust");
	code = function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_FILTERS, &filters,
				sizeof(filters), NULL, 0);
	CHECK(code == HVNET_OK, "code %d when trusted", code);
	CHECK(!station_exchange(&peer, &other, 1, 100), "others' frames do not come");
	CHECK(!station_silent(&vf, 1000), "it does not see them");
	CHECK(host("0 trust off"), "still trusted");
	CHECK(!station_up(&vf, 2048), "no reset");
	CHECK(!station_exchange(&peer, &other, 2, 100), "others' frames do not come");
	CHECK(station_silent(&vf, 50), "it sees them without trust");
}

/* Who does not ask all the time is told, by an interrupt that needs bus mastering. */
static void pf_reset(void *arg)
{
	(void)arg;
	device_irq_wait(&vf.fn.dev, 0, 1);
	CHECK(host_reset_pf(), "no reset");
	CHECK(device_irq_wait(&vf.fn.dev, 0, TIMEOUT_MS), "not told");
}

static const struct {
	const char *name;
	case_fn fn;
} cases[] = {
	{ "announced-to-the-pf", announced_to_the_pf },
	{ "sources", sources },
	{ "sources-in-a-batch", sources_in_a_batch },
	{ "vlans", vlans },
	{ "short-frames", short_frames },
	{ "link-off", link_off },
	{ "rate", rate },
	{ "rate-and-errors", rate_and_errors },
	{ "oversize", oversize },
	{ "promiscuous", promiscuous },
	{ "pf-reset", pf_reset },
};

static void run(void *arg)
{
	struct station *st[] = { &vf, &peer, &other };
	unsigned int i;

	CHECK(host_defaults(3), "the host's settings fail");
	for (i = 0; i < 3; i++) {
		const char *why = station_up(st[i], 2048);

		CHECK(!why, "set-up of VF %u: %s", i, why);
	}
	cases[*(unsigned int *)arg].fn(NULL);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc != 4)
		die("usage: policy VF VF VF");
	host_find_pf(argv[1]);
	station_open(&vf, argv[1], 6, 0x100000000);
	station_open(&peer, argv[2], 6, 0x200000000);
	station_open(&other, argv[3], 6, 0x300000000);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		case_run(cases[i].name, run, &i);
	station_close(&vf);
	station_close(&peer);
	station_close(&other);
	return case_summary();
}
