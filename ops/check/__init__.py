"""Many runs as one verdict: worlds × drivers × seeds, for people who test their worlds and coaches in CI."""
