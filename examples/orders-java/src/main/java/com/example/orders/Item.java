package com.example.orders;

public record Item(String sku, int quantity) {}
