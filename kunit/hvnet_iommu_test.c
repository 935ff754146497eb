// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the software IOMMU's address spaces.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "../drivers/nic/iommu.h"

#define ORDER		4
#define NUM_PAGES	BIT(ORDER)
#define MANY_PAGES	100000

#define IOVA		0x12345678000ULL
#define APERTURE	BIT_ULL(48)

#define RD		IOMMU_READ
#define WR		IOMMU_WRITE
#define RW		(IOMMU_READ | IOMMU_WRITE)

/* An address space, and memory to map into it. */
struct space {
	struct hvnet_domain *dom;
	u8 *mem;
};

static void free_domain(void *domain)
{
	((struct iommu_domain *)domain)->ops->free(domain);
}

static struct hvnet_domain *make_domain(struct kunit *test)
{
	struct iommu_domain *domain = hvnet_domain_alloc(NULL);

	KUNIT_ASSERT_NOT_NULL(test, domain);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_domain, domain), 0);
	/* As the IOMMU core does for vfio. */
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	return container_of(domain, struct hvnet_domain, domain);
}

static void free_memory(void *mem)
{
	free_pages((unsigned long)mem, ORDER);
}

static int iommu_test_init(struct kunit *test)
{
	struct space *space = kunit_kzalloc(test, sizeof(*space), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, space);
	space->mem = (u8 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, ORDER);
	KUNIT_ASSERT_NOT_NULL(test, space->mem);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_memory, space->mem), 0);
	space->dom = make_domain(test);
	test->priv = space;
	return 0;
}

static u64 page_iova(unsigned int page)
{
	return IOVA + (u64)page * PAGE_SIZE;
}

static u8 *page_mem(const struct space *space, unsigned int page)
{
	return space->mem + page * PAGE_SIZE;
}

static int map_gfp(struct hvnet_domain *dom, u64 iova, phys_addr_t paddr, size_t num, int prot,
		   gfp_t gfp, size_t *mapped)
{
	*mapped = 0;
	return dom->domain.ops->map_pages(&dom->domain, iova, paddr, PAGE_SIZE, num, prot, gfp,
					  mapped);
}

static int map_paddr(struct hvnet_domain *dom, u64 iova, phys_addr_t paddr, size_t num)
{
	size_t mapped;
	int err = map_gfp(dom, iova, paddr, num, RW, GFP_KERNEL, &mapped);

	return err ?: mapped == num * PAGE_SIZE ? 0 : -EIO;
}

static int map(struct hvnet_domain *dom, u64 iova, const void *mem, size_t num)
{
	return map_paddr(dom, iova, virt_to_phys((void *)mem), num);
}

/* Number of pages that were unmapped; what was gathered must cover them. */
static size_t unmap(struct kunit *test, struct hvnet_domain *dom, u64 iova, size_t num)
{
	struct iommu_iotlb_gather gather;
	size_t done;

	iommu_iotlb_gather_init(&gather);
	done = dom->domain.ops->unmap_pages(&dom->domain, iova, PAGE_SIZE, num, &gather);
	if (done) {
		KUNIT_EXPECT_LE(test, gather.start, iova);
		KUNIT_EXPECT_GE(test, gather.end, iova + done - 1);
	}
	dom->domain.ops->iotlb_sync(&dom->domain, &gather);
	return done / PAGE_SIZE;
}

static phys_addr_t to_phys(struct hvnet_domain *dom, u64 iova)
{
	return dom->domain.ops->iova_to_phys(&dom->domain, iova);
}

/* Map the pages that are set in a mask, each on the memory of its own number. */
static void map_mask(struct kunit *test, const struct space *space, unsigned long mask)
{
	unsigned int page;

	for_each_set_bit(page, &mask, NUM_PAGES)
		KUNIT_ASSERT_EQ(test, map(space->dom, page_iova(page), page_mem(space, page), 1),
				0);
}

/* Exactly these pages are mapped, and on their memory. */
static void expect_mask(struct kunit *test, const struct space *space, unsigned long mask)
{
	unsigned int page;

	for (page = 0; page < NUM_PAGES; page++)
		KUNIT_EXPECT_PTR_EQ_MSG(test, hvnet_domain_lookup(space->dom, page_iova(page), RW),
					mask & BIT(page) ? (void *)page_mem(space, page) : NULL,
					"page %u", page);
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA - 1, 0));
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, page_iova(NUM_PAGES), 0));
}

static void new_domain_translates_nothing(struct kunit *test)
{
	static const u64 addrs[] = { 0, 1, PAGE_SIZE, IOVA, APERTURE - 1, APERTURE, U64_MAX };
	struct space *space = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(addrs); i++) {
		KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, addrs[i], 0));
		KUNIT_EXPECT_EQ(test, to_phys(space->dom, addrs[i]), 0);
	}
	KUNIT_EXPECT_EQ(test, space->dom->domain.pgsize_bitmap, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, space->dom->domain.geometry.aperture_start, 0);
	KUNIT_EXPECT_EQ(test, space->dom->domain.geometry.aperture_end, APERTURE - 1);
	KUNIT_EXPECT_TRUE(test, space->dom->domain.geometry.force_aperture);
}

struct prot_case {
	const char *name;
	int prot;
	bool read, write;
};

static const struct prot_case prot_cases[] = {
	{ "read", RD, true, false },
	{ "write", WR, false, true },
	{ "read and write", RW, true, true },
	{ "nothing", 0, false, false },
	{ "read, other bits", RD | IOMMU_CACHE | IOMMU_NOEXEC | IOMMU_MMIO | IOMMU_PRIV, true,
	  false },
	{ "only other bits", IOMMU_CACHE | IOMMU_NOEXEC | IOMMU_MMIO | IOMMU_PRIV, false, false },
};

KUNIT_ARRAY_PARAM_DESC(prot, prot_cases, name);

static void access_takes_permission(struct kunit *test)
{
	const struct prot_case *c = test->param_value;
	struct space *space = test->priv;
	void *mem = space->mem, *none = NULL;
	size_t mapped;

	KUNIT_ASSERT_EQ(test, map_gfp(space->dom, IOVA, virt_to_phys(mem), 1, c->prot, GFP_KERNEL,
				      &mapped), 0);
	KUNIT_EXPECT_EQ(test, mapped, PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, hvnet_domain_lookup(space->dom, IOVA, RD), c->read ? mem : none);
	KUNIT_EXPECT_PTR_EQ(test, hvnet_domain_lookup(space->dom, IOVA, WR), c->write ? mem : none);
	KUNIT_EXPECT_PTR_EQ(test, hvnet_domain_lookup(space->dom, IOVA, RW),
			    c->read && c->write ? mem : none);
	KUNIT_EXPECT_EQ_MSG(test, to_phys(space->dom, IOVA), virt_to_phys(mem),
			    "what vfio unpins by");
	KUNIT_EXPECT_EQ(test, unmap(test, space->dom, IOVA, 1), 1);
	KUNIT_EXPECT_EQ(test, to_phys(space->dom, IOVA), 0);
}

static void offsets_in_pages_stay(struct kunit *test)
{
	static const unsigned int offsets[] = { 0, 1, 16, 2048, PAGE_SIZE - 1 };
	struct space *space = test->priv;
	unsigned int i, page;

	/* Backwards, so that neighbours in one space are not neighbours in the other. */
	for (page = 0; page < NUM_PAGES; page++)
		KUNIT_ASSERT_EQ(test, map(space->dom, page_iova(page),
					  page_mem(space, NUM_PAGES - 1 - page), 1), 0);
	for (page = 0; page < NUM_PAGES; page++) {
		u8 *mem = page_mem(space, NUM_PAGES - 1 - page);

		for (i = 0; i < ARRAY_SIZE(offsets); i++) {
			u64 iova = page_iova(page) + offsets[i];

			KUNIT_EXPECT_PTR_EQ(test, hvnet_domain_lookup(space->dom, iova, RW),
					    (void *)(mem + offsets[i]));
			KUNIT_EXPECT_EQ(test, to_phys(space->dom, iova),
					virt_to_phys(mem) + offsets[i]);
		}
	}
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA - 1, 0));
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, page_iova(NUM_PAGES), 0));
	/* The same page in another part of the space. */
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA + APERTURE, 0));
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA & U32_MAX, 0));
}

/* Pages are bits of a mask. */
struct unmap_case {
	const char *name;
	unsigned long before;
	unsigned int first, num;
	size_t done;
	unsigned long after;
};

static const struct unmap_case unmap_cases[] = {
	{ "all", 0xffff, 0, 16, 16, 0 },
	{ "one", 0xffff, 5, 1, 1, 0xffdf },
	{ "first", 0xffff, 0, 1, 1, 0xfffe },
	{ "last", 0xffff, 15, 1, 1, 0x7fff },
	{ "first half", 0xffff, 0, 8, 8, 0xff00 },
	{ "second half", 0xffff, 8, 8, 8, 0x00ff },
	{ "middle", 0xffff, 4, 8, 8, 0xf00f },
	{ "the only one", 0x0010, 4, 1, 1, 0 },
	{ "nothing there", 0, 0, 16, 0, 0 },
	{ "hole first", 0xfffe, 0, 16, 0, 0xfffe },
	{ "up to a hole", 0xffef, 0, 16, 4, 0xffe0 },
	{ "last page missing", 0x7fff, 0, 16, 15, 0 },
	{ "more than there is", 0xffff, 12, 1000, 4, 0x0fff },
	{ "no page", 0xffff, 4, 0, 0, 0xffff },
};

KUNIT_ARRAY_PARAM_DESC(unmap, unmap_cases, name);

static void unmap_tells_how_much(struct kunit *test)
{
	const struct unmap_case *c = test->param_value;
	struct space *space = test->priv;

	map_mask(test, space, c->before);
	expect_mask(test, space, c->before);
	KUNIT_EXPECT_EQ(test, unmap(test, space->dom, page_iova(c->first), c->num), c->done);
	expect_mask(test, space, c->after);
	/* What is free can be mapped anew. */
	map_mask(test, space, 0xffff & ~c->after);
	expect_mask(test, space, 0xffff);
}

static const struct unmap_case over_cases[] = {
	{ "into a hole", 0xff0f, 4, 4, 4, 0xffff },
	{ "first is taken", 0x0001, 0, 16, 0, 0x0001 },
	{ "last is taken", 0x8000, 0, 16, 15, 0xffff },
	{ "middle is taken", 0x0010, 0, 16, 4, 0x001f },
	{ "all are taken", 0xffff, 0, 16, 0, 0xffff },
	{ "one too many for a hole", 0xff0f, 4, 5, 4, 0xffff },
};

KUNIT_ARRAY_PARAM_DESC(over, over_cases, name);

static void mapping_is_not_replaced(struct kunit *test)
{
	const struct unmap_case *c = test->param_value;
	struct space *space = test->priv;
	size_t mapped;
	int err;

	map_mask(test, space, c->before);
	err = map_gfp(space->dom, page_iova(c->first), virt_to_phys(page_mem(space, c->first)),
		      c->num, RW, GFP_KERNEL, &mapped);
	KUNIT_EXPECT_EQ(test, err, c->done == c->num ? 0 : -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, mapped, c->done * PAGE_SIZE);
	expect_mask(test, space, c->after);

	/* Not even by other memory, or with less permission. */
	err = map_gfp(space->dom, page_iova(c->first), virt_to_phys(space->mem) + SZ_1M, 1, RD,
		      GFP_KERNEL, &mapped);
	KUNIT_EXPECT_EQ(test, err, -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, mapped, 0);
	expect_mask(test, space, c->after);

	/* As the IOMMU core clears up. */
	KUNIT_EXPECT_EQ(test, unmap(test, space->dom, page_iova(c->first), c->done), c->done);
}

struct large_case {
	const char *name;
	u64 first;
};

static const struct large_case large_cases[] = {
	{ "from zero", 0 },
	{ "from the second page", 1 },
	{ "from an even number", BIT(24) },
	{ "from an odd number", 0x12345 },
	{ "across 4 GiB", BIT(20) - 777 },
	{ "up to the end of the aperture", (APERTURE >> PAGE_SHIFT) - MANY_PAGES },
};

KUNIT_ARRAY_PARAM_DESC(large, large_cases, name);

/* The first page whose translation is wrong. */
static unsigned int large_check(struct hvnet_domain *dom, u64 iova)
{
	unsigned int i;

	for (i = 0; i < MANY_PAGES; i++)
		if (to_phys(dom, iova + (u64)i * PAGE_SIZE + 5) !=
		    SZ_16M + (u64)i * PAGE_SIZE + 5)
			break;
	return i;
}

static void large_range_is_mapped(struct kunit *test)
{
	const struct large_case *c = test->param_value;
	u64 iova = c->first << PAGE_SHIFT, end = iova + (u64)MANY_PAGES * PAGE_SIZE;
	struct space *space = test->priv;
	struct hvnet_domain *dom = space->dom;

	KUNIT_ASSERT_EQ(test, map_paddr(dom, iova, SZ_16M, MANY_PAGES), 0);
	KUNIT_EXPECT_EQ(test, large_check(dom, iova), MANY_PAGES);
	KUNIT_EXPECT_EQ(test, to_phys(dom, iova - 1), 0);
	KUNIT_EXPECT_EQ(test, to_phys(dom, end), 0);

	/* A hole, then what is behind it. */
	KUNIT_EXPECT_EQ(test, unmap(test, dom, iova + 70000 * PAGE_SIZE, 1), 1);
	KUNIT_EXPECT_EQ(test, unmap(test, dom, iova, MANY_PAGES), 70000);
	KUNIT_EXPECT_EQ(test, to_phys(dom, iova + 70000 * PAGE_SIZE), 0);
	KUNIT_EXPECT_NE(test, to_phys(dom, iova + 70001 * PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, unmap(test, dom, iova + 70001 * PAGE_SIZE, MANY_PAGES), 29999);
	KUNIT_EXPECT_TRUE(test, xa_empty(&dom->pages));
}

static void generation_changes_when_translations_go(struct kunit *test)
{
	struct space *space = test->priv;
	struct hvnet_domain *dom = space->dom, *other = make_domain(test);
	u64 gen = READ_ONCE(dom->gen), other_gen = READ_ONCE(other->gen);

	KUNIT_EXPECT_NE_MSG(test, gen, 0, "0 means never");
	KUNIT_EXPECT_NE(test, gen, READ_ONCE(hvnet_domain_blocked.gen));
	KUNIT_EXPECT_NE_MSG(test, gen, 1, "the identity domain's");
	KUNIT_EXPECT_NE(test, gen, other_gen);

	KUNIT_ASSERT_EQ(test, map(dom, IOVA, space->mem, 1), 0);
	KUNIT_EXPECT_EQ(test, unmap(test, dom, IOVA, 1), 1);
	KUNIT_EXPECT_GT_MSG(test, READ_ONCE(dom->gen), max(gen, other_gen), "a number used before");
	gen = READ_ONCE(dom->gen);
	dom->domain.ops->flush_iotlb_all(&dom->domain);
	KUNIT_EXPECT_GT(test, READ_ONCE(dom->gen), gen);
	KUNIT_EXPECT_EQ(test, READ_ONCE(other->gen), other_gen);
}

static void domains_are_apart(struct kunit *test)
{
	struct space *space = test->priv;
	struct hvnet_domain *other = make_domain(test);

	KUNIT_ASSERT_EQ(test, map(space->dom, IOVA, space->mem, 1), 0);
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(other, IOVA, 0));
	KUNIT_ASSERT_EQ(test, map(other, IOVA, page_mem(space, 1), 1), 0);
	KUNIT_EXPECT_EQ(test, unmap(test, space->dom, IOVA, 1), 1);
	KUNIT_EXPECT_PTR_EQ(test, hvnet_domain_lookup(other, IOVA, RW),
			    (void *)page_mem(space, 1));
}

static void blocked_domain_translates_nothing(struct kunit *test)
{
	struct space *space = test->priv;

	KUNIT_EXPECT_EQ(test, hvnet_domain_blocked.domain.type, IOMMU_DOMAIN_BLOCKED);
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(&hvnet_domain_blocked, 0, 0));
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(&hvnet_domain_blocked, IOVA, 0));
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(&hvnet_domain_blocked,
						    virt_to_phys(space->mem), RD));

	/* Whatever was mapped. */
	KUNIT_ASSERT_EQ(test, map(space->dom, IOVA, space->mem, 1), 0);
	space->dom->domain.type = IOMMU_DOMAIN_BLOCKED;
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA, RD));
}

static void identity_domain_reaches_memory(struct kunit *test)
{
	struct hvnet_domain identity = { .domain.type = IOMMU_DOMAIN_IDENTITY };
	struct space *space = test->priv;
	unsigned int page;

	for (page = 0; page < NUM_PAGES; page++)
		KUNIT_EXPECT_PTR_EQ(test, hvnet_domain_lookup(&identity,
							      virt_to_phys(page_mem(space, page)) +
							      77, RW),
				    (void *)(page_mem(space, page) + 77));
	KUNIT_EXPECT_NULL_MSG(test, hvnet_domain_lookup(&identity, APERTURE - PAGE_SIZE, RD),
			      "no memory there");
	KUNIT_EXPECT_NULL_MSG(test, hvnet_domain_lookup(&identity, U64_MAX, RD), "none there");
}

/* vfio maps registers of other devices too, and those the kernel does not see as memory. */
static void foreign_registers_are_not_reached(struct kunit *test)
{
	phys_addr_t paddr = APERTURE / 2;
	struct space *space = test->priv;

	KUNIT_ASSERT_FALSE(test, pfn_valid(PHYS_PFN(paddr)));
	KUNIT_ASSERT_EQ(test, map_paddr(space->dom, IOVA, paddr, 2), 0);
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA, RD));
	KUNIT_EXPECT_NULL(test, hvnet_domain_lookup(space->dom, IOVA + PAGE_SIZE, WR));
	KUNIT_EXPECT_EQ(test, to_phys(space->dom, IOVA), paddr);
	KUNIT_EXPECT_EQ(test, unmap(test, space->dom, IOVA, 2), 2);
}

/* The nth allocation that may not sleep fails; those that may sleep do not. */
#ifdef CONFIG_FAULT_INJECTION

static void fail_alloc(unsigned int nth)
{
	WRITE_ONCE(current->fail_nth, nth);
}

static bool alloc_has_failed(void)
{
	bool failed = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return failed;
}

#else

static void fail_alloc(unsigned int nth)
{
}

static bool alloc_has_failed(void)
{
	return false;
}

#endif

/* In this state drivers map: dma_map_single() in ndo_start_xmit(). */
static void mapping_does_not_sleep(struct kunit *test)
{
	static DEFINE_SPINLOCK(lock);
	struct space *space = test->priv;
	struct hvnet_domain *dom = space->dom;
	struct iommu_iotlb_gather gather;
	size_t mapped, unmapped;
	unsigned long flags;
	bool failed;
	int err;

	iommu_iotlb_gather_init(&gather);
	spin_lock_irqsave(&lock, flags);
	fail_alloc(3);
	err = map_gfp(dom, IOVA, SZ_16M, 2000, RW, GFP_ATOMIC, &mapped);
	failed = alloc_has_failed();
	unmapped = dom->domain.ops->unmap_pages(&dom->domain, IOVA, PAGE_SIZE, 2000, &gather);
	dom->domain.ops->iotlb_sync(&dom->domain, &gather);
	spin_unlock_irqrestore(&lock, flags);

	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, mapped, 2000 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, unmapped, 2000 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, failed, IS_ENABLED(CONFIG_FAULT_INJECTION));
}

static void mapping_goes_on_after_want_of_memory(struct kunit *test)
{
	struct space *space = test->priv;
	unsigned int nth = 0, page;
	bool failed;
	int err;

	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		kunit_skip(test, "no fault injection in this kernel");
	do {
		fail_alloc(++nth);
		err = map_paddr(space->dom, IOVA, SZ_16M, 500);
		failed = alloc_has_failed();
		KUNIT_ASSERT_EQ(test, err, 0);
		for (page = 0; page < 500; page++)
			KUNIT_ASSERT_EQ(test, to_phys(space->dom, page_iova(page)),
					SZ_16M + page * PAGE_SIZE);
		KUNIT_ASSERT_EQ(test, unmap(test, space->dom, IOVA, 500), 500);
		KUNIT_ASSERT_TRUE(test, xa_empty(&space->dom->pages));
	} while (failed);
	KUNIT_EXPECT_GT_MSG(test, nth, 8, "fewer allocations than nodes");
}

#define WORKER_ROUNDS	100
#define WORKER_RANGES	64
#define WORKER_PAGES	4

/* Two workers own every other range of four pages, all in the same nodes of the tree. */
struct worker {
	struct hvnet_domain *dom;
	struct task_struct *task;
	struct completion done;
	unsigned int number;
	unsigned int wrong;
};

static u64 worker_iova(const struct worker *worker, unsigned int range)
{
	return page_iova((2 * range + worker->number) * WORKER_PAGES);
}

static phys_addr_t worker_paddr(const struct worker *worker, unsigned int range)
{
	return SZ_16M + worker_iova(worker, range) - IOVA;
}

static bool worker_unmap(struct worker *worker, u64 iova)
{
	struct iommu_domain *domain = &worker->dom->domain;
	size_t len = WORKER_PAGES * PAGE_SIZE, done;
	struct iommu_iotlb_gather gather;

	iommu_iotlb_gather_init(&gather);
	done = domain->ops->unmap_pages(domain, iova, PAGE_SIZE, WORKER_PAGES, &gather);
	domain->ops->iotlb_sync(domain, &gather);
	return done == len && !to_phys(worker->dom, iova) &&
	       !to_phys(worker->dom, iova + len - PAGE_SIZE);
}

static void worker_round(struct worker *worker)
{
	unsigned int i;

	for (i = 0; i < WORKER_RANGES; i++)
		worker->wrong += !!map_paddr(worker->dom, worker_iova(worker, i),
					     worker_paddr(worker, i), WORKER_PAGES);
	for (i = 0; i < WORKER_RANGES * WORKER_PAGES; i++) {
		unsigned int range = i / WORKER_PAGES, offset = i % WORKER_PAGES * PAGE_SIZE;

		worker->wrong += to_phys(worker->dom, worker_iova(worker, range) + offset) !=
				 worker_paddr(worker, range) + offset;
	}
	for (i = 0; i < WORKER_RANGES; i++)
		worker->wrong += !worker_unmap(worker, worker_iova(worker, i));
}

static int worker_run(void *arg)
{
	struct worker *worker = arg;
	unsigned int round;

	for (round = 0; round < WORKER_ROUNDS; round++) {
		worker_round(worker);
		cond_resched();
	}
	complete(&worker->done);
	return 0;
}

static void worker_start(struct kunit *test, struct worker *worker, unsigned int number)
{
	struct space *space = test->priv;

	worker->dom = space->dom;
	worker->number = number;
	init_completion(&worker->done);
	worker->task = kthread_create(worker_run, worker, "hvnet_worker/%u", number);
	if (IS_ERR(worker->task)) {
		KUNIT_FAIL(test, "no thread: %pe", worker->task);
		complete(&worker->done);
		return;
	}
	get_task_struct(worker->task);
	wake_up_process(worker->task);
}

static void workers_do_not_disturb_each_other(struct kunit *test)
{
	struct space *space = test->priv;
	struct worker workers[2] = {};
	u64 steady = page_iova(2 * WORKER_RANGES * WORKER_PAGES);
	unsigned long lost = 0;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, map(space->dom, steady, space->mem, 1), 0);
	for (i = 0; i < ARRAY_SIZE(workers); i++)
		worker_start(test, &workers[i], i);
	/* A page that stays mapped is seen all the time. */
	while (!completion_done(&workers[0].done) || !completion_done(&workers[1].done)) {
		lost += hvnet_domain_lookup(space->dom, steady, RW) != space->mem;
		cond_resched();
	}
	for (i = 0; i < ARRAY_SIZE(workers); i++) {
		if (!IS_ERR(workers[i].task))
			kthread_stop_put(workers[i].task);
		KUNIT_EXPECT_EQ(test, workers[i].wrong, 0);
	}
	KUNIT_EXPECT_EQ(test, lost, 0);
	KUNIT_EXPECT_EQ(test, unmap(test, space->dom, steady, 1), 1);
	KUNIT_EXPECT_TRUE(test, xa_empty(&space->dom->pages));
}

static struct kunit_case iommu_test_cases[] = {
	KUNIT_CASE(new_domain_translates_nothing),
	KUNIT_CASE_PARAM(access_takes_permission, prot_gen_params),
	KUNIT_CASE(offsets_in_pages_stay),
	KUNIT_CASE_PARAM(unmap_tells_how_much, unmap_gen_params),
	KUNIT_CASE_PARAM(mapping_is_not_replaced, over_gen_params),
	KUNIT_CASE_PARAM_ATTR(large_range_is_mapped, large_gen_params,
			      { .speed = KUNIT_SPEED_SLOW }),
	KUNIT_CASE(generation_changes_when_translations_go),
	KUNIT_CASE(domains_are_apart),
	KUNIT_CASE(blocked_domain_translates_nothing),
	KUNIT_CASE(identity_domain_reaches_memory),
	KUNIT_CASE(foreign_registers_are_not_reached),
	KUNIT_CASE(mapping_does_not_sleep),
	KUNIT_CASE(mapping_goes_on_after_want_of_memory),
	KUNIT_CASE_SLOW(workers_do_not_disturb_each_other),
	{}
};

static struct kunit_suite iommu_test_suite = {
	.name = "hvnet_iommu",
	.init = iommu_test_init,
	.test_cases = iommu_test_cases,
};

kunit_test_suite(iommu_test_suite);

MODULE_DESCRIPTION("KUnit tests of the hvnet software IOMMU");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
