# SPDX-License-Identifier: GPL-2.0
#
# hvnet: an emulated SR-IOV NIC and the drivers of its functions.
#
# Read by Kbuild, from inside a kernel tree or for external modules, and by hand: "make help".

ifneq ($(KERNELRELEASE),)

subdir-ccflags-y := -I$(src)/include

obj-y += drivers/
obj-$(CONFIG_HVNET_KUNIT_TEST) += kunit/

else

# External modules do not read Kconfig: these are its answers.
export CONFIG_HVNET_NIC := m
export CONFIG_HVNET_COMMON := m
export CONFIG_HVNET_PF := m
export CONFIG_HVNET_VF := m
export CONFIG_HVNET_KUNIT_TEST := $(if $(filter 1,$(KUNIT)),m)

# KDIR: the running kernel's headers if it is a 6.12, else the newest 6.12 headers installed.
release := include/config/kernel.release
ifndef KDIR
KDIR := $(patsubst %/$(release),%,$(firstword $(shell grep -ls '^6\.12\.' \
	/lib/modules/$$(uname -r)/build/$(release) \
	$$(ls -rv /lib/modules/6.12.*/build/$(release) \
		/usr/src/linux-headers-6.12.*/$(release) 2>/dev/null))))
endif

# In each recipe that needs a kernel; the others work without one.
define need-kernel
$(if $(KDIR),,$(error no Linux 6.12 headers found: run "scripts/packages build" or give KDIR=))
$(if $(shell grep -s '^6\.12\.' $(KDIR)/$(release)),,\
	$(error KDIR=$(KDIR) is not a configured Linux 6.12))
$(if $(filter 1,$(KUNIT)),$(if $(shell grep -s '^CONFIG_KUNIT=' $(KDIR)/include/config/auto.conf),,\
	$(error KUNIT=1, but the kernel of KDIR=$(KDIR) has no CONFIG_KUNIT)))
endef

.PHONY: modules modules_install clean lint kunit check demo bench selftests help

modules clean:
	$(need-kernel)
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

# Kernel headers hold neither the key to sign with nor the map that Kbuild wants for depmod.
modules_install:
	$(need-kernel)
	$(MAKE) -C $(KDIR) M=$(CURDIR) CONFIG_MODULE_SIG_ALL= $@
	$(if $(INSTALL_MOD_PATH),,depmod $(file <$(KDIR)/$(release)))

lint:
	scripts/packages lint
	scripts/lint

kunit check demo bench:
	scripts/packages $@
	$(MAKE) modules
	scripts/$@

selftests:
	scripts/packages $@
	$(MAKE) modules
	scripts/upstream

help:
	@echo 'hvnet $(shell sed -n 's/^PACKAGE_VERSION=//p' dkms.conf)'
	@echo
	@echo 'Building:'
	@echo '  modules         - build all modules (what plain "make" does)'
	@echo '  modules_install - install them, below INSTALL_MOD_PATH or with depmod'
	@echo '  clean           - remove what a build leaves behind'
	@echo
	@echo 'Testing (each installs the packages it needs first):'
	@echo '  lint            - static checks: style, sparse, documentation, layers'
	@echo '  kunit           - unit tests of the pure cores'
	@echo '  check           - all tests, in an emulated host and its guests'
	@echo '  selftests       - the kernel'\''s own driver tests, on PF and VF'
	@echo '  demo            - a guided tour'
	@echo '  bench           - measurements'
	@echo
	@echo 'Variables:'
	@echo '  KDIR=DIR        - the kernel to build for [$(or $(KDIR),none found)]'
	@echo '  KUNIT=1         - build the KUnit tests too (a kernel with CONFIG_KUNIT)'
	@echo '  W=1 C=2 V=1     - as in the kernel: warnings, sparse, commands shown'

endif
