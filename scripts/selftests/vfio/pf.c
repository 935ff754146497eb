// SPDX-License-Identifier: GPL-2.0
/*
 * pf PF: its PCI address, bound to vfio-pci.
 *
 * The PF's own driver asks for nothing that cannot be; who has the PF by vfio may.
 */
#include <string.h>

#include "function.h"
#include "report.h"

#define MAX_MTU		9600

static struct function pf;

#define ADMIN(op, ...)								\
	({									\
		typeof(__VA_ARGS__) arg_ = __VA_ARGS__;				\
										\
		function_admin(&pf, HVNET_ADMIN_##op, &arg_, sizeof(arg_), NULL, 0);	\
	})

#define CHECK_CODE(want, op, ...)						\
	do {									\
		int code_ = ADMIN(op, __VA_ARGS__);				\
										\
		CHECK(code_ == (want), "line %d: code %d, not %d", __LINE__, code_, want); \
	} while (0)

#define REFUSED(op, ...)	CHECK_CODE(HVNET_E_RANGE, op, __VA_ARGS__)
#define GRANTED(op, ...)	CHECK_CODE(HVNET_OK, op, __VA_ARGS__)

static void nic_switch(void *arg)
{
	(void)arg;
	GRANTED(SWITCH_SET, (struct hvnet_admin_switch){ .vf_mtu = HVNET_SWITCH_MIN_MTU });
	GRANTED(SWITCH_SET, (struct hvnet_admin_switch){ .vf_mtu = MAX_MTU });
	REFUSED(SWITCH_SET, (struct hvnet_admin_switch){ .vf_mtu = 1 });
	REFUSED(SWITCH_SET, (struct hvnet_admin_switch){ .vf_mtu = HVNET_SWITCH_MIN_MTU - 1 });
	REFUSED(SWITCH_SET, (struct hvnet_admin_switch){ .vf_mtu = MAX_MTU + 1 });
	REFUSED(SWITCH_SET, (struct hvnet_admin_switch){ .vf_mtu = 0xffff });
	REFUSED(SWITCH_SET, (struct hvnet_admin_switch){ .flags = HVNET_SWITCH_VEPA << 1 });
	GRANTED(SWITCH_SET, (struct hvnet_admin_switch){ .flags = HVNET_SWITCH_VEPA });
	GRANTED(SWITCH_SET, (struct hvnet_admin_switch){ .flags = 0 });
}

static void policies(void *arg)
{
	const uint16_t vf = HVNET_VPORT_VF(0), vlan = HVNET_POLICY_PORT_VLAN;

	(void)arg;
	GRANTED(POLICY_SET, (struct hvnet_admin_policy){
			.vport = vf, .flags = vlan, .vlan_tci = 4094 });
	REFUSED(POLICY_SET, (struct hvnet_admin_policy){
			.vport = vf, .flags = vlan, .vlan_tci = 4095 });
	REFUSED(POLICY_SET, (struct hvnet_admin_policy){ .vport = vf, .vlan_tci = 5 });
	REFUSED(POLICY_SET, (struct hvnet_admin_policy){ .vport = vf, .flags = 0x8000 });
	REFUSED(POLICY_SET, (struct hvnet_admin_policy){ .vport = vf, .rsvd = 1 });
	REFUSED(POLICY_SET, (struct hvnet_admin_policy){
			.vport = vf, .max_rate = HVNET_POLICY_MAX_RATE + 1 });
	REFUSED(POLICY_SET, (struct hvnet_admin_policy){ .vport = HVNET_POLICY_ALL_VFS - 1 });
	GRANTED(POLICY_SET, (struct hvnet_admin_policy){ .vport = HVNET_POLICY_ALL_VFS });
}

static void vports(void *arg)
{
	const uint8_t mac[6] = { 0x02, 0, 0, 0, 0xab, 0xcd };
	struct hvnet_admin_filter filter = { .vport = HVNET_VPORT_VF(0), .vlan = 4095 };

	(void)arg;
	memcpy(filter.mac, mac, sizeof(mac));
	REFUSED(FILTER_ADD, filter);
	filter.vlan = 4094;
	GRANTED(FILTER_ADD, filter);
	CHECK_CODE(HVNET_E_EXISTS, FILTER_ADD, filter);
	GRANTED(FILTER_DEL, filter);
	CHECK_CODE(HVNET_E_ABSENT, FILTER_DEL, filter);
	filter.vport = 0xfffe;
	REFUSED(FILTER_ADD, filter);
	REFUSED(VPORT_SET, (struct hvnet_admin_vport){ .vport = 0xfffe });
	REFUSED(VPORT_SET, (struct hvnet_admin_vport){
			.vport = HVNET_VPORT_VF(0), .flags = 0x8000 });
	REFUSED(MAILBOX_RING, (struct hvnet_admin_ring){ .vf = HVNET_MAILBOX_ALL_VFS - 1 });
	GRANTED(MAILBOX_RING, (struct hvnet_admin_ring){ .vf = HVNET_MAILBOX_ALL_VFS });
}

static void link_modes(void *arg)
{
	struct hvnet_admin_link fixed = { .modes = HVNET_LINK_MODE_10000 }, none = {};
	struct hvnet_admin_link_state now;

	(void)arg;
	GRANTED(LINK_SET, fixed);
	REFUSED(LINK_SET, none);
	REFUSED(LINK_SET, (struct hvnet_admin_link){
			.modes = HVNET_LINK_MODE_1000 | HVNET_LINK_MODE_10000 });
	REFUSED(LINK_SET, (struct hvnet_admin_link){ .modes = 0x8000 });
	REFUSED(LINK_SET, (struct hvnet_admin_link){
			.modes = HVNET_LINK_MODE_1000, .flags = HVNET_LINK_AUTONEG << 1 });
	CHECK(!function_admin(&pf, HVNET_ADMIN_LINK_GET, NULL, 0, &now, sizeof(now)),
	      "no state of the link");
	CHECK(now.modes == fixed.modes && !now.flags, "modes %#x, flags %#x after refusals",
	      now.modes, now.flags);
}

static void clock_rates(void *arg)
{
	(void)arg;
	GRANTED(CLOCK_RATE, (struct hvnet_admin_clock){ .value = HVNET_CLOCK_MAX_RATE });
	REFUSED(CLOCK_RATE, (struct hvnet_admin_clock){ .value = HVNET_CLOCK_MAX_RATE + 1 });
	REFUSED(CLOCK_RATE, (struct hvnet_admin_clock){ .value = -HVNET_CLOCK_MAX_RATE - 1 });
	REFUSED(CLOCK_RATE, (struct hvnet_admin_clock){ .value = 1ull << 63 });
	GRANTED(CLOCK_RATE, (struct hvnet_admin_clock){ .value = 0 });
}

static const struct {
	const char *name;
	case_fn fn;
} cases[] = {
	{ "switch", nic_switch },
	{ "policies", policies },
	{ "vports", vports },
	{ "link-modes", link_modes },
	{ "clock-rates", clock_rates },
};

int main(int argc, char **argv)
{
	struct space space;
	unsigned int i;

	if (argc != 2)
		die("usage: pf PF");
	space_open(&space);
	device_open(&pf.dev, argv[1], &space);
	if (function_reset(&pf))
		die("no reset");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		case_run(cases[i].name, cases[i].fn, NULL);
	device_close(&pf.dev);
	space_close(&space);
	return case_summary();
}
