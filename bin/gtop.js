#!/usr/bin/env node
require('../dist/gtop.cjs');
