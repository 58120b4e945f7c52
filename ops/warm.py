"""`python -m ops.warm`: compile every kernel once, so that what comes next does not wait for it."""

import time

from controllers.kernel_cache import compiling_alone, use_kernel_cache

if __name__ == "__main__":
    use_kernel_cache()
    from coach_core.warmup import warm_up

    began = time.monotonic()
    with compiling_alone():
        warm_up()
    print(f"kernels ready after {time.monotonic() - began:.1f} s")
