#!/usr/bin/env node
import '../dist/gtop.js';
